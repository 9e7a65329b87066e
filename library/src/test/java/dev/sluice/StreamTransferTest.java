// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link InputStream#transferTo} between streams of descriptors is a copy, and ends as one. */
@ExtendWith(NothingLeft.class)
class StreamTransferTest {
    private static final int USUAL = 64 * 1024;

    @TempDir
    Path folder;

    static Stream<Arguments> quietToOneThatCanGo() {
        return CopyEndingTest.quiet().filter(arguments -> ((Destination) arguments.get()[1]).isLive());
    }

    private static Running<Long> transfer(OnThread kind, Descriptor from, Descriptor to) {
        InputStream in = from.inputStream();
        OutputStream out = to.outputStream();
        return kind.call(() -> in.transferTo(out));
    }

    /** Only a splice makes pipes grow: see {@link CopyPipeGrowthTest}. */
    @ParameterizedTest
    @EnumSource
    void splicesByItself(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            ByteBuffer pipeful = ByteBuffer.allocate(USUAL);
            from.sink().write(pipeful.clear());
            Running<Long> transfer = transfer(kind, from.source(), to.sink());
            int rounds = 12;
            for (int i = 0; i < rounds; i++) {
                Awaitility.await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).until(() ->
                        Libc.available(to.source()) == USUAL);
                from.sink().write(pipeful.clear());
                assertThat(to.source().read(pipeful.clear())).isEqualTo(USUAL);
            }
            from.sink().close();
            assertThat(transfer.get()).isEqualTo(USUAL * (rounds + 1L));
            assertThat(to.sink().pipeCapacity()).isEqualTo(1 << 20);
        }
    }

    @ParameterizedTest
    @MethodSource("quietToOneThatCanGo")
    void failsWhenTheReaderGoesThoughTheSourceIsQuiet(Source source, Destination destination, OnThread kind)
            throws Exception {
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            Bytes.write(from.peer(), "hello");
            Running<Long> transfer = transfer(kind, from.ours(), to.ours());
            if (to.child() != null) {
                to.child().process().destroyForcibly();
            } else {
                assertThat(Bytes.read(to.peer())).isEqualTo("hello");
                to.leave(destination);
            }
            assertThat(transfer.failure())
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("EPIPE (Broken pipe)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isEndedAsAReadIs(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Running<Long> interrupted = transfer(kind, from.source(), to.sink()).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isExactlyInstanceOf(InterruptedIOException.class);

            Running<Long> late = transfer(kind, from.source(), to.sink()).awaitWaiting();
            from.source().setReadDeadline(Duration.ofMillis(1));
            assertThat(late.failure()).isInstanceOf(SocketTimeoutException.class);
            from.source().clearReadDeadline();

            Running<Long> closed = transfer(kind, from.source(), to.sink()).awaitWaiting();
            to.sink().close();
            assertThat(closed.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
            assertThat(transfer(kind, from.source(), to.sink()).failure())
                    .isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    /** What the transfer had read and could not deliver is not lost: the stream has it. */
    @ParameterizedTest
    @EnumSource
    void whatAnInterruptLeavesInTransitIsReadNext(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(300_000, 11);
        try (CopyEnd from = Source.FILE.open(folder);
                CopyEnd to = Destination.PIPE.open(folder)) {
            from.peer().write(ByteBuffer.wrap(bytes));
            InputStream in = from.ours().inputStream();
            Running<Long> transfer =
                    kind.call(() -> in.transferTo(to.ours().outputStream())).awaitWaiting();
            transfer.interrupt();
            int delivered = ((InterruptedIOException) transfer.failure()).bytesTransferred;
            assertThat(from.ours().position()).as("read and not delivered").isGreaterThan(delivered);

            ByteArrayOutputStream got = new ByteArrayOutputStream();
            got.write(to.peer().inputStream().readNBytes(delivered));
            got.write(in.readNBytes(1_000));
            ByteArrayOutputStream elsewhere = new ByteArrayOutputStream();
            in.transferTo(elsewhere);
            elsewhere.writeTo(got);
            assertThat(Arrays.mismatch(got.toByteArray(), bytes)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAnInterruptLeavesInTransitIsTransferredNext(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(300_000, 12);
        try (CopyEnd from = Source.FILE.open(folder);
                CopyEnd to = Destination.PIPE.open(folder)) {
            from.peer().write(ByteBuffer.wrap(bytes));
            InputStream in = from.ours().inputStream();
            Running<Long> first =
                    kind.call(() -> in.transferTo(to.ours().outputStream())).awaitWaiting();
            first.interrupt();
            int delivered = ((InterruptedIOException) first.failure()).bytesTransferred;
            Running<Long> second = kind.call(() -> {
                try (OutputStream out = to.ours().outputStream()) {
                    return in.transferTo(out);
                }
            });
            assertThat(Arrays.mismatch(Bytes.readAll(to.peer()), bytes)).isEqualTo(-1);
            assertThat(second.get()).isEqualTo(bytes.length - delivered);
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesToAndFromOtherStreams(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Long> there = kind.call(() -> {
                try (OutputStream out = pipe.sink().outputStream()) {
                    return new ByteArrayInputStream("by way of a pipe".getBytes(US_ASCII)).transferTo(out);
                }
            });
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            assertThat(pipe.source().inputStream().transferTo(back)).isEqualTo(16);
            assertThat(back.toString(US_ASCII)).isEqualTo("by way of a pipe");
            assertThat(there.get()).isEqualTo(16);
        }
    }
}
