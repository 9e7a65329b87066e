// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.DestinationEnd;
import dev.sluice.Fifo;
import dev.sluice.Pipe;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.FramePlayer;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class AttachmentsTest {
    @TempDir
    Path folder;

    @Test
    void eachGetsWhatComesFromNowOn() throws Exception {
        try (Played played = new Played(folder);
                Pipe first = Pipe.open();
                Pipe second = Pipe.open()) {
            Attachments attachments = played.logged.attachments;
            played.line("stdout", "before", 1);
            Attachment early = attachments.attach(Output.STDOUT, first.sink());
            played.line("stdout", "one", 2).line("stderr", "not for them", 3);
            assertThat(read(first, 4)).isEqualTo("one\n");

            Attachment late = attachments.attach(Output.STDOUT, second.sink());
            assertThat(attachments.live()).containsExactlyInAnyOrder(early, late);
            played.line("stdout", "x".repeat(20_000), 5).end();

            assertThat(read(first, 20_001)).isEqualTo("x".repeat(20_000) + "\n");
            assertThat(read(second, 20_001)).isEqualTo("x".repeat(20_000) + "\n");
            early.awaitOver();
            late.awaitOver();
            assertThat(early.end()).isEqualTo(DestinationEnd.END_OF_SOURCE);
            assertThat(early.bytes()).isEqualTo(4 + 20_001);
            assertThat(late.skipped()).isZero();
            assertThat(attachments.live()).isEmpty();
            assertThat(played.logged.raw(Output.STDERR)).isEqualTo("not for them\n");
        }
    }

    @Test
    void oneWhoDoesNotReadHoldsUpNobody() throws Exception {
        int lines = 100_000;
        try (Played played = new Played(folder);
                Pipe stuck = Pipe.open()) {
            Attachment attachment = played.logged.attachments.attach(Output.STDOUT, stuck.sink());
            played.line("stdout", "y".repeat(99), lines);

            assertThat(played.logged.raw(Output.STDOUT)).hasSize(lines * 100);
            Awaitility.await().until(() -> attachment.skipped() > 0);
            attachment.detach();
            attachment.awaitOver();
            assertThat(stuck.sink().isOpen()).isTrue();
            played.end();
        }
    }

    @Test
    void oneWhoGoesIsForgottenAndAnotherMayCome() throws Exception {
        try (Played played = new Played(folder)) {
            for (int i = 1; i <= 50; i++) {
                try (Pipe pipe = Pipe.open()) {
                    Attachment attachment = played.logged.attachments.attach(Output.STDERR, pipe.sink());
                    played.line("stderr", "for " + i, i);
                    String expected = "for " + i + "\n";
                    assertThat(read(pipe, expected.length())).isEqualTo(expected);
                    pipe.source().close();
                    attachment.awaitOver();
                    assertThat(attachment.end()).isEqualTo(DestinationEnd.GONE);
                }
            }
            assertThat(played.logged.attachments.live()).isEmpty();
            played.end();
            assertThat(played.logged.raw(Output.STDERR).lines()).containsExactlyElementsOf(
                    IntStream.rangeClosed(1, 50).mapToObj(i -> "for " + i).toList());
        }
    }

    @Test
    void whileMuchComesTheyComeAndGo() throws Exception {
        int lines = 60_000;
        try (Played played = new Played(folder)) {
            Running<Boolean> coming = OnThread.VIRTUAL.run(() -> {
                for (int i = 0; i < 30; i++) {
                    try (Pipe pipe = Pipe.open()) {
                        Attachment attachment = played.logged.attachments.attach(Output.STDOUT, pipe.sink());
                        pipe.source().setReadDeadline(Duration.ofSeconds(10));
                        ByteBuffer some = ByteBuffer.allocate(100);
                        while (some.hasRemaining()) {
                            pipe.source().read(some);
                        }
                        attachment.detach();
                        attachment.awaitOver();
                    }
                }
            });
            for (int i = 1; i <= lines; i++) {
                played.send("stdout", "line " + i);
            }
            while (!coming.isDone()) {
                played.send("stdout", "more");
            }
            coming.get();
            played.end();
            assertThat(played.logged.raw(Output.STDOUT).lines().limit(lines)).containsExactlyElementsOf(
                    IntStream.rangeClosed(1, lines).mapToObj(i -> "line " + i).toList());
        }
    }

    @Test
    void nobodyCanComeAfterTheEnd() throws Exception {
        try (Played played = new Played(folder);
                Pipe pipe = Pipe.open()) {
            played.end();
            assertThatThrownBy(() -> played.logged.attachments.attach(Output.STDOUT, pipe.sink()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static String read(Pipe pipe, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        pipe.source().setReadDeadline(Duration.ofSeconds(20));
        while (buffer.hasRemaining() && pipe.source().read(buffer) >= 0) {
            // until all is there
        }
        return new String(buffer.array(), 0, buffer.position(), UTF_8);
    }

    /** An intake, and who writes to it. */
    private static final class Played implements AutoCloseable {
        private final Logged logged;
        private final Fifo fifo;
        private final Running<Boolean> reading;
        private final FramePlayer dockerd;

        Played(Path folder) throws IOException {
            Path path = folder.resolve("fifo");
            Fifo.create(path);
            logged = Logged.open(folder, LogFormat.RAW);
            fifo = Fifo.open(path);
            reading = Logged.read(new FrameIntake(fifo, logged.log, logged.attachments, logged.counters)::run);
            dockerd = FramePlayer.open(path);
        }

        /** Writes it until so many lines, or pieces of lines, have been logged in all. */
        Played line(String source, String line, long logged) throws IOException {
            for (long i = this.logged.counters.lines(); i < logged; ) {
                send(source, line);
                i += Math.ceilDiv(Math.max(1, line.length()), 16 * 1024);
            }
            this.logged.awaitLines(logged);
            return this;
        }

        void send(String source, String line) throws IOException {
            dockerd.line(source, line);
        }

        void end() throws Exception {
            dockerd.close();
            reading.get();
            logged.attachments.end();
        }

        @Override
        public void close() throws IOException {
            fifo.close();
            logged.close();
        }
    }
}
