// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies from and to FIFOs that nobody has opened yet on the other side, or that somebody has left. */
@ExtendWith(NothingLeft.class)
class CopyFifoTest {
    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void makeFifo() throws IOException {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatNobodyWritesYetHasNotEnded(OnThread kind) throws Exception {
        try (Fifo from = Fifo.open(path);
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run()).awaitWaiting();
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(50))).isLessThan(Duration.ofMillis(10).toNanos());
            assertThat(copy.isDone()).isFalse();
            try (Fifo writer = Fifo.open(path, WRITE)) {
                Bytes.write(writer, "first");
            }
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(Bytes.read(to.source())).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatSaysNothingAndLeavesEndsIt(OnThread kind) throws Exception {
        try (Fifo from = Fifo.open(path);
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run()).awaitWaiting();
            Fifo.open(path, WRITE).close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().bytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDestinationGoesBeforeAnybodyWrites(OnThread kind) throws Exception {
        try (Fifo from = Fifo.open(path);
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run()).awaitWaiting();
            to.source().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDestinationThatNobodyReadsYetIsWaitedFor(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Bytes.write(from.sink(), "for the first reader");
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(to).run()).awaitWaiting();
            try (Fifo reader = Fifo.open(path)) {
                assertThat(Bytes.read(reader)).isEqualTo("for the first reader");
                from.sink().close();
                assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWaitForTheFirstReaderEndsAsAnyOther(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Bytes.write(from.sink(), "kept");
            Copy copy = Copy.from(from.source()).to(to);
            Running<CopyResult> interrupted = kind.call(copy::run).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.get().end()).isEqualTo(CopyResult.End.INTERRUPTED);

            copy.idleTimeout(Duration.ofMillis(30));
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.IDLE_TIMEOUT);
            copy.deadline(Duration.ofMillis(20)).idleTimeout(Duration.ofMinutes(1));
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.DEADLINE);
            assertThat(Bytes.read(from.source())).isEqualTo("kept");

            copy.deadline(Duration.ofMinutes(1));
            Running<CopyResult> closed = kind.call(copy::run).awaitWaiting();
            from.source().close();
            assertThat(closed.get().end()).isEqualTo(CopyResult.End.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDestinationIsClosedBeforeAnybodyReads(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(to).run()).awaitWaiting();
            to.close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.CLOSED);
        }
    }

    /**
     * One reader after the other takes a part of it, and together they have all: what one left in the FIFO the next one
     * gets.
     */
    @ParameterizedTest
    @EnumSource
    void theNextReaderGetsWhatTheLastOneLeft(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(300_000, 4);
        Path file = folder.resolve("file");
        Files.write(file, bytes);
        ByteBuffer got = ByteBuffer.allocate(bytes.length);
        long delivered = 0;
        try (Descriptor from = Descriptor.open(file);
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from).to(to);
            for (int reader = 1; reader <= 5; reader++) {
                try (Fifo end = Fifo.open(path)) {
                    Running<CopyResult> running = kind.call(copy::run);
                    readUntil(end, got, 31_000 * reader);
                    end.close();
                    CopyResult result = running.get();
                    assertThat(result.end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
                    delivered += result.bytes();
                    assertThat(from.position()).isEqualTo(delivered + result.inTransit());
                }
            }
            try (Fifo last = Fifo.open(path)) {
                Running<CopyResult> running = kind.call(copy::run);
                readUntil(last, got, bytes.length);
                assertThat(running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
                delivered += running.get().bytes();
            }
        }
        assertThat(delivered).isEqualTo(bytes.length);
        assertThat(Arrays.mismatch(got.array(), bytes)).as("first wrong byte").isEqualTo(-1);
    }

    private static void readUntil(Descriptor from, ByteBuffer into, int position) throws IOException {
        into.limit(position);
        while (into.hasRemaining()) {
            assertThat(from.read(into)).isPositive();
        }
    }

    /** A reader that also holds the writing end sees no end, and its copies no going of the destination. */
    @ParameterizedTest
    @EnumSource
    void writersComeAndGoUnderAReaderThatAlsoWrites(OnThread kind) throws Exception {
        try (Fifo from = Fifo.open(path, READ, WRITE);
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run());
            for (int writer = 0; writer < 5; writer++) {
                try (Fifo one = Fifo.open(path, WRITE)) {
                    one.write(ByteBuffer.wrap(Bytes.noise(100, writer)));
                }
                ByteBuffer got = ByteBuffer.allocate(100);
                while (got.hasRemaining()) {
                    to.source().read(got);
                }
                assertThat(got.array()).isEqualTo(Bytes.noise(100, writer));
            }
            copy.awaitWaiting().interrupt();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.INTERRUPTED);
            assertThat(copy.get().bytes()).isEqualTo(500);
        }
    }
}
