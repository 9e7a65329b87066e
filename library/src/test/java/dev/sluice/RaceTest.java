// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when two use the same descriptor, or one uses two, at an unlucky moment. */
@ExtendWith(NothingLeft.class)
class RaceTest {
    @ParameterizedTest
    @EnumSource
    void aCopyThatQueuesForItsDestinationEndsWhenItsSourceIsClosed(OnThread kind) throws Exception {
        try (Pipe quiet = Pipe.open();
                Pipe other = Pipe.open();
                Pipe shared = Pipe.open()) {
            Running<CopyResult> first = kind.call(
                            () -> Copy.from(quiet.source()).to(shared.sink()).run())
                    .awaitWaiting();
            Running<CopyResult> second = kind.call(
                            () -> Copy.from(other.source()).to(shared.sink()).run())
                    .awaitWaiting();
            Running<Boolean> closing = kind.run(other.source()::close);
            try {
                Awaitility.await("close, for which the other copy is not waited")
                        .atMost(Duration.ofSeconds(3))
                        .until(closing::isDone);
                assertThat(second.get().end()).isEqualTo(CopyResult.End.CLOSED);
                assertThat(first.isDone()).isFalse();
            } finally {
                quiet.sink().close();
            }
            assertThat(first.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCopyThatQueuesForItsDestinationKeepsItsDeadline(OnThread kind) throws Exception {
        try (Pipe quiet = Pipe.open();
                Pipe other = Pipe.open();
                Pipe shared = Pipe.open()) {
            Running<CopyResult> first = kind.call(
                            () -> Copy.from(quiet.source()).to(shared.sink()).run())
                    .awaitWaiting();
            Running<CopyResult> second = kind.call(() -> Copy.from(other.source())
                    .to(shared.sink())
                    .deadline(Duration.ofMillis(50))
                    .run());
            try {
                Awaitility.await("the deadline").atMost(Duration.ofSeconds(3)).until(second::isDone);
                assertThat(second.get().end()).isEqualTo(CopyResult.End.DEADLINE);
            } finally {
                quiet.sink().close();
            }
            assertThat(first.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    @Test
    void whatIsInTransitCountsForTheLimitOfTheNextRun(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("source"), Bytes.noise(100_000, 1));
        try (Descriptor source = Descriptor.open(file);
                Pipe to = Pipe.open()) {
            Copy copy = Copy.from(source).to(to.sink()).keepPipeCapacity();
            Running<CopyResult> running = OnThread.VIRTUAL.call(copy::run).awaitWaiting();
            running.interrupt();
            assertThat(running.get().inTransit()).isEqualTo(100_000 - 64 * 1024);
            to.source().read(ByteBuffer.allocate(64 * 1024));
            CopyResult limited = copy.limit(10).run();
            assertThat(limited.bytes()).isEqualTo(10);
            assertThat(limited.end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(limited.inTransit()).isEqualTo(100_000 - 64 * 1024 - 10);
        }
    }

    @Test
    void aWatchOutlivesTheDeadlineOfAWriteThatWaitsForTheSameReader(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        LinkedBlockingQueue<Hangup> told = new LinkedBlockingQueue<>();
        try (Fifo writer = Fifo.open(path, StandardOpenOption.WRITE);
                HangupWatch watch = writer.onHangup(told::add)) {
            writer.setWriteDeadline(Duration.ofMillis(50));
            assertThatThrownBy(() -> Bytes.write(writer, "x")).isInstanceOf(SocketTimeoutException.class);
            writer.clearWriteDeadline();
            try (Fifo reader = Fifo.open(path)) {
                Bytes.write(writer, "x");
                assertThat(Bytes.read(reader)).isEqualTo("x");
            }
            assertThat(told.poll(3, TimeUnit.SECONDS)).isEqualTo(Hangup.READER_GONE);
        }
    }

    /** What {@link Child#outputGrace} does at its end, and a grandchild that goes on and on. */
    @Test
    void outputThatIsCutOffEndsThoughItsWriterNeverPauses() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Bytes.write(pipe.sink(), "0123456789");
            pipe.source().internal().cutOff();
            StringBuilder all = new StringBuilder();
            ByteBuffer few = ByteBuffer.allocate(4);
            while (all.length() < 100 && pipe.source().read(few.clear()) >= 0) {
                all.append(new String(few.array(), 0, few.position(), US_ASCII));
                Bytes.write(pipe.sink(), "more");
            }
            assertThat(all).hasToString("0123456789");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 100_000})
    void aCopyOfOutputThatIsCutOffEndsThoughItsWriterNeverPauses(int length) throws Exception {
        try (Pipe pipe = Pipe.open();
                Pipe to = Pipe.open()) {
            pipe.source().setPipeCapacity(1 << 20);
            to.sink().setPipeCapacity(1 << 20);
            pipe.sink().write(ByteBuffer.allocate(2 * length + 1));
            pipe.source().internal().cutOff();
            Copy copy = Copy.from(pipe.source()).to(to.sink()).limit(length);
            for (int i = 0; i < 2; i++) {
                assertThat(copy.run().bytes()).isEqualTo(length);
                pipe.sink().write(ByteBuffer.allocate(length));
            }
            CopyResult last = copy.run();
            assertThat(last.bytes()).isEqualTo(1);
            assertThat(last.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }
}
