// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** System calls of the user's own, waiting as reads and writes do. */
@ExtendWith(NothingLeft.class)
class RawAccessTest {
    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
    }

    /** read(2) and write(2) of one byte, by hand. */
    private static final class OneByte implements AutoCloseable {
        private final CallState state = CallState.acquire();
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory = arena.allocate(1);
        final AtomicInteger tries = new AtomicInteger();

        boolean read(int fd) {
            tries.incrementAndGet();
            long result = TransferCalls.read(state, fd, memory.address(), 1);
            assertThat(result).isIn(1L, (long) -Errno.EAGAIN);
            return result == 1;
        }

        boolean readUnlessAtEnd(int fd) {
            tries.incrementAndGet();
            return TransferCalls.read(state, fd, memory.address(), 1) == 1;
        }

        boolean write(int fd, int value) {
            tries.incrementAndGet();
            memory.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
            return TransferCalls.write(state, fd, memory.address(), 1) == 1;
        }

        int value() {
            return memory.get(ValueLayout.JAVA_BYTE, 0);
        }

        @Override
        public void close() {
            state.release();
            arena.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneByteThereAndBack(OnThread kind) throws Exception {
        try (Pipe back = Pipe.open();
                OneByte here = new OneByte();
                OneByte there = new OneByte()) {
            Running<Boolean> echo = kind.run(() -> {
                pipe.source().read(there::read);
                back.sink().write(fd -> there.write(fd, there.value()));
            });
            echo.awaitWaiting();
            assertThat(there.tries).hasValue(1); // it was tried before the wait, and then the poller told
            pipe.sink().write(fd -> here.write(fd, 42));
            back.source().read(here::read);
            echo.get();
            assertThat(here.value()).isEqualTo(42);
            assertThat(there.tries).hasValueLessThanOrEqualTo(4);
        }
    }

    /** The kernel tells nobody of a write that waits for room, if the pipe was not empty before it. */
    @ParameterizedTest
    @EnumSource
    void aBlockingWriterThatWaitsForRoomIsNoticed(OnThread kind) throws Exception {
        String script = "printf rest; read word; head -c 200000 /dev/zero | dd bs=200000 iflag=fullblock 2>&-";
        CallState state = CallState.acquire();
        try (Child child = Child.start(new ProcessBuilder("sh", "-c", script))) {
            child.stdout().read(fd -> FileCalls.buffered(state, fd) == 4);
            Running<Boolean> waiting =
                    kind.run(() -> child.stdout().read(fd -> FileCalls.buffered(state, fd) > 4));
            assertThat(Running.staysWaiting(waiting)).isTrue();
            Bytes.write(child.stdin(), "go\n");
            waiting.get();
            assertThat(Bytes.readAll(child.stdout())).hasSize(200_004);
        } finally {
            state.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rawAndPlainMixInOrder(OnThread kind) throws Exception {
        try (OneByte byHand = new OneByte()) {
            Bytes.write(pipe.sink(), "abc");
            assertThat(kind.call(() -> {
                        pipe.source().read(byHand::read);
                        return (char) byHand.value() + Bytes.read(pipe.source());
                    }).get())
                    .isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitIsEndedByDeadlineInterruptAndClose(OnThread kind) throws Exception {
        pipe.source().setReadDeadline(Duration.ofMillis(20));
        assertThat(kind.run(() -> pipe.source().read(fd -> false)).failure())
                .isInstanceOf(SocketTimeoutException.class);
        AtomicInteger called = new AtomicInteger();
        assertThat(kind.run(() -> pipe.source().read(fd -> called.incrementAndGet() > 0)).failure())
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(called).as("a past deadline is honoured before the callback").hasValue(0);
        pipe.source().clearReadDeadline();

        Running<Boolean> interrupted = kind.run(() -> pipe.source().read(fd -> false)).awaitWaiting();
        interrupted.interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);

        Running<Boolean> closed = kind.run(() -> pipe.source().read(fd -> false)).awaitWaiting();
        pipe.source().close();
        assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void theWrongDirectionIsRefused() {
        assertThatThrownBy(() -> pipe.sink().read(fd -> true)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(() -> pipe.source().write(fd -> true)).isInstanceOf(NonWritableChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackThatThrowsReleasesItsSide(OnThread kind) throws Exception {
        assertThat(kind.run(() -> pipe.source().read(fd -> {
                            throw new IOException("mine");
                        }))
                        .failure())
                .hasMessage("mine");
        assertThat(kind.run(() -> pipe.source().read(fd -> {
                            throw new IllegalStateException("mine too");
                        }))
                        .failure())
                .hasMessage("mine too");
        Bytes.write(pipe.sink(), "still good");
        assertThat(kind.call(() -> Bytes.read(pipe.source())).get()).isEqualTo("still good");
    }

    @ParameterizedTest
    @EnumSource
    void controlWorksBesideAReadAndFailsAfterClose(OnThread kind) throws Exception {
        Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        int number = pipe.source().control(fd -> fd);
        assertThat(number).isGreaterThan(2);
        Bytes.write(pipe.sink(), "x");
        reading.get();
        pipe.source().close();
        assertThatThrownBy(() -> pipe.source().control(fd -> fd)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pipe.source().read(fd -> true)).isInstanceOf(ClosedChannelException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayCloseItsDescriptor(OnThread kind) throws Exception {
        Descriptor source = pipe.source();
        int[] number = new int[1];
        kind.run(() -> source.read(fd -> {
            number[0] = fd;
            source.close();
            assertThat(Numbers.target(fd)).as("lent until the callback returns").isNotEmpty();
            return true;
        })).get();
        assertThat(Numbers.target(number[0])).isEmpty();
        assertThat(kind.call(() -> pipe.sink().control(fd -> {
                    pipe.sink().close();
                    return Numbers.target(fd).isEmpty();
                })).get())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackThatWaitsForMoreThanReadinessIsNotRunWithoutEnd(OnThread kind) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Running<Boolean> reading = kind.run(() -> pipe.source().read(fd -> {
                    tries.incrementAndGet();
                    return Libc.available(pipe.source()) >= 3;
                }))
                .awaitWaiting();
        for (int i = 0; i < 2; i++) {
            Bytes.write(pipe.sink(), "x");
            assertThat(Running.staysWaiting(reading)).isTrue();
        }
        // In 60 ms a loop would come to tens of thousands.
        assertThat(tries).hasValueLessThan(40);
        Bytes.write(pipe.sink(), "x");
        reading.get();
        assertThat(Bytes.read(pipe.source())).isEqualTo("xxx");
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackThatWaitsForAPipesNextWriterIsNotRunWithoutEnd(OnThread kind, @TempDir Path folder)
            throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path);
                OneByte byHand = new OneByte()) {
            // 0 is no answer to it: the end of one writer's words is not the end of all.
            Running<Boolean> reading = kind.run(() -> reader.read(fd -> byHand.readUnlessAtEnd(fd)))
                    .awaitWaiting();
            Fifo.connect(path, StandardOpenOption.WRITE).close();
            assertThat(Running.staysWaiting(reading)).isTrue();
            assertThat(byHand.tries).hasValueLessThan(40);
            try (Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
                Bytes.write(writer, "y");
                reading.get();
            }
            assertThat(byHand.value()).isEqualTo('y');
        }
    }

    @Test
    void aCallbackThatIsNotDoneOnAFileIsTold(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (Descriptor file = Descriptor.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> file.write(fd -> false))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(path + " is always ready: its readiness cannot be waited for");
        }
    }

    @ParameterizedTest
    @EnumSource
    void onAFifoThatIsNotOpenYetItWaitsForThePeer(OnThread kind, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo writer = Fifo.open(path, StandardOpenOption.WRITE);
                OneByte byHand = new OneByte()) {
            Running<Boolean> writing = kind.run(() -> writer.write(fd -> byHand.write(fd, 'x'))).awaitWaiting();
            assertThat(byHand.tries).hasValue(0);
            try (Fifo reader = Fifo.open(path)) {
                writing.get();
                assertThat(Bytes.read(reader)).isEqualTo("x");
            }
            writer.close();
            assertThatThrownBy(() -> writer.write(fd -> true)).isInstanceOf(ClosedChannelException.class);
        }
    }
}
