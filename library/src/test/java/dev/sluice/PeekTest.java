// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading without taking, from all that has it. */
@ExtendWith(NothingLeft.class)
class PeekTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path folder;

    /** What can be peeked at. */
    enum Source {
        PIPE,
        FIFO,
        UNIX,
        TCP
    }

    static Stream<Arguments> sources() {
        return Stream.of(OnThread.values())
                .flatMap(thread -> Stream.of(Source.values()).map(source -> Arguments.of(thread, source)));
    }

    private record Ends(Descriptor source, Descriptor sink) {}

    private Ends connect(Source kind) throws IOException {
        Ends ends = made(kind);
        open.add(ends.source());
        open.add(ends.sink());
        return ends;
    }

    private Ends made(Source kind) throws IOException {
        switch (kind) {
            case PIPE -> {
                Pipe pipe = Pipe.open();
                return new Ends(pipe.source(), pipe.sink());
            }
            case FIFO -> {
                Path path = folder.resolve("fifo");
                Fifo.create(path);
                Fifo reader = Fifo.open(path);
                return new Ends(reader, Fifo.connect(path, WRITE));
            }
            case UNIX -> {
                Descriptor[] pair = Libc.socketPair();
                return new Ends(pair[0], pair[1]);
            }
            case TCP -> {
                try (Listener listener = Listener.open(new InetSocketAddress("127.0.0.1", 0))) {
                    Connection sink = Connection.connect(listener.localAddress());
                    return new Ends(listener.accept(), sink);
                }
            }
        }
        throw new AssertionError(kind);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** Up to 1,000 bytes. */
    private static String peek(Descriptor from, int beyond) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int count = from.peek(buffer, beyond);
        assertThat(buffer.position()).isEqualTo(Math.max(0, count));
        return count < 0 ? "EOF" : new String(buffer.array(), 0, count, ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void whatIsThereIsSeenAndStays(OnThread thread, Source kind) throws Exception {
        Ends ends = connect(kind);
        Bytes.write(ends.sink(), "first");
        for (int i = 0; i < 3; i++) {
            assertThat(thread.call(() -> peek(ends.source(), 0)).get()).isEqualTo("first");
        }
        assertThat(thread.call(() -> peek(ends.source(), 4)).get()).isEqualTo("first");
        ByteBuffer three = ByteBuffer.allocate(3);
        assertThat(thread.call(() -> ends.source().peek(three, 2)).get()).isEqualTo(3);
        assertThat(new String(three.array(), ISO_8859_1)).isEqualTo("fir");
        assertThat(Bytes.read(ends.source())).isEqualTo("first");

        Running<String> empty = thread.call(() -> peek(ends.source(), 0)).awaitWaiting();
        Bytes.write(ends.sink(), "second");
        assertThat(empty.get()).isEqualTo("second");
        assertThat(Bytes.read(ends.source())).isEqualTo("second");
    }

    @ParameterizedTest
    @MethodSource("sources")
    void moreIsWaitedForWhileARestStays(OnThread thread, Source kind) throws Exception {
        Ends ends = connect(kind);
        Bytes.write(ends.sink(), "12");
        Running<String> peeking = thread.call(() -> peek(ends.source(), 5));
        for (String more : List.of("3", "4", "5")) {
            assertThat(Running.staysWaiting(peeking)).as("before " + more).isTrue();
            Bytes.write(ends.sink(), more);
        }
        assertThat(Running.staysWaiting(peeking)).isTrue();
        Bytes.write(ends.sink(), "6");
        assertThat(peeking.get()).isEqualTo("123456");
        assertThat(Bytes.read(ends.source())).isEqualTo("123456");
    }

    @ParameterizedTest
    @MethodSource("sources")
    void theEndIsNoticedAtOnceWithARestAndWithout(OnThread thread, Source kind) throws Exception {
        Ends ends = connect(kind);
        Bytes.write(ends.sink(), "rest");
        Running<Long> peeking = thread.call(() -> {
            assertThat(peek(ends.source(), 4)).isEqualTo("rest");
            return System.nanoTime();
        });
        assertThat(Running.staysWaiting(peeking)).isTrue();
        long closed = System.nanoTime();
        ends.sink().close();
        assertThat(Duration.ofNanos(peeking.get() - closed)).isLessThan(Duration.ofMillis(150));
        assertThat(thread.call(() -> peek(ends.source(), 4)).get()).isEqualTo("rest");
        assertThat(thread.call(() -> peek(ends.source(), 3)).get()).isEqualTo("rest");
        assertThat(Bytes.read(ends.source())).isEqualTo("rest");
        assertThat(thread.call(() -> peek(ends.source(), 0)).get()).isEqualTo("EOF");
        assertThat(thread.call(() -> peek(ends.source(), 10)).get()).isEqualTo("EOF");
    }

    @ParameterizedTest
    @MethodSource("sources")
    void aDeadlineAnInterruptAndACloseEndIt(OnThread thread, Source kind) throws Exception {
        for (String rest : List.of("", "rest")) {
            Ends ends = connect(kind);
            Bytes.write(ends.sink(), rest);
            ends.source().setReadDeadline(Duration.ofMillis(30));
            assertThat(thread.call(() -> peek(ends.source(), 4)).failure())
                    .isInstanceOf(SocketTimeoutException.class);
            ends.source().clearReadDeadline();

            Running<Boolean> interrupted = thread.call(() -> {
                try {
                    throw new AssertionError(peek(ends.source(), 4));
                } catch (InterruptedIOException expected) {
                    return Thread.currentThread().isInterrupted();
                }
            });
            assertThat(Running.staysWaiting(interrupted)).isTrue();
            interrupted.interrupt();
            assertThat(interrupted.get()).isTrue();

            Bytes.write(ends.sink(), "more");
            assertThat(Bytes.read(ends.source())).isEqualTo(rest + "more");
            Bytes.write(ends.sink(), rest);
            Running<String> closed = thread.call(() -> peek(ends.source(), 4));
            assertThat(Running.staysWaiting(closed)).isTrue();
            ends.source().close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(thread.call(() -> peek(ends.source(), 4)).failure())
                    .isInstanceOf(ClosedChannelException.class);
            Files.deleteIfExists(folder.resolve("fifo"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHalfCloseIsTheEndAndAResetLeavesTheRest(OnThread thread) throws Exception {
        Ends ends = connect(Source.TCP);
        Bytes.write(ends.sink(), "rest");
        Running<String> peeking = thread.call(() -> peek(ends.source(), 4));
        assertThat(Running.staysWaiting(peeking)).isTrue();
        ((Connection) ends.sink()).shutdownWrite();
        assertThat(peeking.get()).isEqualTo("rest");
        Bytes.write(ends.source(), "answer");
        assertThat(Bytes.read(ends.sink())).isEqualTo("answer");

        Ends other = connect(Source.TCP);
        Bytes.write(other.sink(), "rest");
        Running<String> cut = thread.call(() -> peek(other.source(), 4));
        assertThat(Running.staysWaiting(cut)).isTrue();
        ((Connection) other.sink()).abort();
        assertThat(cut.get()).isEqualTo("rest");
        assertThat(Bytes.read(other.source())).isEqualTo("rest");
        assertThatThrownBy(() -> peek(other.source(), 0))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith("peek ")
                .hasMessageContaining("ECONNRESET");
    }

    @Test
    void whatIsMisusedIsRefused() throws Exception {
        Ends ends = connect(Source.PIPE);
        Bytes.write(ends.sink(), "there");
        Descriptor source = ends.source();
        assertThatThrownBy(() -> source.peek(ByteBuffer.allocate(4), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beyond 4 bytes, with room for 4");
        assertThatThrownBy(() -> source.peek(ByteBuffer.allocate(0), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.peek(ByteBuffer.allocate(4), -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.peek(ByteBuffer.allocate(4).asReadOnlyBuffer(), 0))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> ends.sink().peek(ByteBuffer.allocate(4), 0))
                .isInstanceOf(NonReadableChannelException.class);
    }
}
