// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hail of signals, each of which interrupts the system call of the thread that it meets: nobody notices. */
@ExtendWith(NothingLeft.class)
class SignalTest {
    private static final int SIGUSR1 = 10;

    /** Those that make system calls of ours: the carriers, the master, the pool for disks, the tests' own. */
    private static final String MEETS = "ForkJoinPool.*|sluice-.*|test-.*";

    @TempDir
    private Path folder;

    private volatile boolean over;
    private volatile long sent;
    private Running<Boolean> hail;

    @BeforeEach
    void begin() throws Exception {
        Libc.interruptCalls(SIGUSR1);
        hail = OnThread.PLATFORM.run(() -> {
            Thread.currentThread().setName("hail");
            while (!over) {
                signalAll();
                LockSupport.parkNanos(200_000);
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        over = true;
        hail.get();
        Libc.ignoreSignal(SIGUSR1);
        assertThat(sent).as("signals").isPositive();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
    private void signalAll() throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (name(thread).matches(MEETS)) {
                    Libc.signal(Integer.parseInt(thread.getFileName().toString()), SIGUSR1);
                    sent++;
                }
            }
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException endedMeanwhile) {
            return "";
        }
    }

    /** Else the other tests would show nothing. */
    @Test
    void theyDoInterruptASystemCall() throws Exception {
        CallState state = CallState.acquire();
        try (Pipe pipe = Pipe.open();
                Arena arena = Arena.ofShared()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(ValueLayout.JAVA_INT, 0, Numbers.of(pipe.source()));
            entry.set(ValueLayout.JAVA_SHORT, 4, (short) Constants.EPOLLIN);
            Running<Integer> polling = OnThread.PLATFORM.call(() -> PollCalls.poll(state, entry, 1, -1));
            assertThat(polling.get()).as("nothing is ready, and it waits without end").isZero();
        }
        state.release();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsWhole(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(20_000_000, 1);
        try (Pipe pipe = Pipe.open()) {
            Running<byte[]> reading = kind.call(() -> Bytes.readAll(pipe.source()));
            Running<Boolean> writing = kind.run(() -> {
                for (int at = 0; at < bytes.length; at += 100_000) {
                    pipe.sink().write(ByteBuffer.wrap(bytes, at, 100_000));
                    Thread.yield();
                }
                pipe.sink().close();
            });
            writing.get();
            assertThat(reading.get()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGameOfPingPongGoesOn(OnThread kind) throws Exception {
        try (Pipe ping = Pipe.open();
                Pipe pong = Pipe.open()) {
            Running<Boolean> echo = kind.run(() -> {
                for (String word = Bytes.read(ping.source()); !word.equals("EOF"); word = Bytes.read(ping.source())) {
                    Bytes.write(pong.sink(), word);
                }
            });
            Running<Boolean> game = kind.run(() -> {
                for (int i = 0; i < 3000; i++) {
                    Bytes.write(ping.sink(), "word " + i);
                    assertThat(Bytes.read(pong.source())).isEqualTo("word " + i);
                }
                ping.sink().close();
            });
            game.get();
            echo.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitIsNeitherEndedNorProlonged(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            long nanos = 150_000_000;
            long start = System.nanoTime();
            pipe.source().setReadDeadline(Duration.ofNanos(nanos));
            assertThat(kind.call(() -> Bytes.read(pipe.source())).failure()).isInstanceOf(SocketTimeoutException.class);
            assertThat(System.nanoTime() - start).isBetween(nanos, 20 * nanos);
            pipe.source().clearReadDeadline();

            Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            assertThat(Running.staysWaiting(reading)).isTrue();
            Bytes.write(pipe.sink(), "heard");
            assertThat(reading.get()).isEqualTo("heard");

            Running<Hangup> waiting = kind.call(pipe.source()::awaitHangup).awaitWaiting();
            Running<String> closed = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            assertThat(Running.staysWaiting(waiting)).isTrue();
            pipe.source().close();
            assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fifosOpenAndFilesAreReadAndWritten(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(3_000_000, 2);
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        for (int i = 0; i < 20; i++) {
            Running<Fifo> opening = kind.call(() -> Fifo.connect(fifo, WRITE));
            try (Fifo reader = kind.call(() -> Fifo.connect(fifo, READ)).get();
                    Fifo writer = opening.get()) {
                Bytes.write(writer, "x");
                assertThat(Bytes.read(reader)).isEqualTo("x");
            }
        }
        Path file = folder.resolve("file");
        kind.run(() -> {
                    try (Descriptor out = Descriptor.open(file, CREATE, WRITE)) {
                        out.write(ByteBuffer.wrap(bytes));
                    }
                    try (Descriptor in = Descriptor.open(file)) {
                        assertThat(Bytes.readAll(in)).isEqualTo(bytes);
                    }
                })
                .get();
    }
}
