// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.DockerFrames;
import dev.sluice.testing.FramePlayer;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class FrameIntakeTest {
    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void makeFifo() throws IOException {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    @Test
    void bothOutputsWholeAndInOrder() throws Exception {
        StringBuilder stdout = new StringBuilder();
        StringBuilder stderr = new StringBuilder();
        Random random = new Random(1);
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                for (int i = 0; i < 2_000; i++) {
                    byte[] line = new byte[random.nextInt(i % 100 == 0 ? 50_000 : 200)];
                    random.nextBytes(line);
                    String text = new String(line, ISO_8859_1).replace('\n', ' ');
                    boolean err = random.nextBoolean();
                    (err ? stderr : stdout).append(text).append('\n');
                    dockerd.line(err ? "stderr" : "stdout", text.getBytes(ISO_8859_1));
                }
            }
            reading.get();

            assertThat(logged.raw(Output.STDOUT)).isEqualTo(stdout.toString());
            assertThat(logged.raw(Output.STDERR)).isEqualTo(stderr.toString());
            assertThat(logged.counters.droppedBytes()).isZero();
            assertThat(logged.counters.brokenStreams()).isZero();
        }
    }

    @Test
    void timesAndPiecesAreDockers() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.CRI);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                dockerd.line("stdout", "one").line("stderr", "x".repeat(20_000));
            }
            reading.get();

            assertThat(logged.lines()).containsExactly(
                    "2023-11-14T22:13:20.001Z stdout F one",
                    "2023-11-14T22:13:20.002Z stderr P " + "x".repeat(16_384),
                    "2023-11-14T22:13:20.002Z stderr F " + "x".repeat(3_616));
        }
    }

    @Test
    void whatDockerdWrote() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                int frames = dockerd.play(new ByteArrayInputStream(DockerFrames.recorded()));
                assertThat(frames).isEqualTo(11);
            }
            reading.get();

            assertThat(logged.raw(Output.STDERR)).isEqualTo("err\n{\"a\":1}\n");
            assertThat(logged.raw(Output.STDOUT))
                    .isEqualTo("one\n\n\u00c3\u00a4\u00ff\0\u001b[1m binary\n" + "x".repeat(40_004) + "\n"
                            + "y".repeat(16_384) + "\nno newline");
        }
    }

    @Test
    void waitsForItsWriterAndTakesALoneLineAtOnce() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run).awaitWaiting();
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                dockerd.line("stdout", "lone");
                logged.awaitLines(1);
                assertThat(logged.raw(Output.STDOUT)).isEqualTo("lone\n");
                assertThat(reading.isDone()).isFalse();
            }
            reading.get();
        }
    }

    @Test
    void anInterruptLosesNothingAndTheNextIntakeGoesOn() throws Exception {
        byte[] half = DockerFrames.frame("stdout", 1, "half".getBytes(UTF_8));
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                dockerd.line("stdout", "whole").bytes(Arrays.copyOf(half, 7));
                logged.awaitLines(1);
                reading.interrupt();
                assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);
                assertThat(fifo.isOpen()).isTrue();

                Running<Boolean> again = Logged.read(intake(fifo, logged)::run).awaitWaiting();
                assertThat(logged.raw(Output.STDOUT)).isEqualTo("whole\n");
                dockerd.bytes(Arrays.copyOfRange(half, 7, half.length));
                dockerd.close();
                again.get();
            }
            assertThat(logged.raw(Output.STDOUT)).isEqualTo("whole\nhalf\n");
        }
    }

    @Test
    void interruptedWhileMuchComes() throws Exception {
        int lines = 20_000;
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            FrameIntake intake = intake(fifo, logged);
            Running<Boolean> playing;
            Running<Boolean> reading = Logged.read(intake::run);
            playing = OnThread.PLATFORM.run(() -> {
                try (FramePlayer dockerd = FramePlayer.open(path)) {
                    for (int i = 0; i < lines; i++) {
                        dockerd.line("stdout", "line " + i);
                    }
                }
            });
            for (int stop = 1; stop < 10; stop++) {
                logged.awaitLines(stop * 1_000L);
                reading.interrupt();
                assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);
                reading = Logged.read(intake::run);
            }
            playing.get();
            reading.get();

            assertThat(logged.raw(Output.STDOUT).lines())
                    .containsExactlyElementsOf(
                            IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 200_000, 1 << 20})
    void framesThatAPipeCannotHoldAtFirst(int size) throws Exception {
        byte[] line = "x".repeat(size - 100).getBytes(UTF_8);
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                dockerd.line("stdout", "before")
                        .bytes(DockerFrames.frame("stdout", 1, line))
                        .line("stdout", "after");
            }
            reading.get();

            assertThat(logged.raw(Output.STDOUT)).isEqualTo("before\n" + new String(line, UTF_8) + "\nafter\n");
        }
    }

    @Test
    void aBrokenStreamIsDrainedAndHarmsNoOther() throws Exception {
        Path other = folder.resolve("other");
        Fifo.create(other);
        try (Logged logged = Logged.open(folder.resolve("1"), LogFormat.RAW);
                Logged sound = Logged.open(folder.resolve("2"), LogFormat.RAW);
                Fifo fifo = Fifo.open(path);
                Fifo otherFifo = Fifo.open(other)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            Running<Boolean> otherReading = Logged.read(intake(otherFifo, sound)::run);
            int frames = 10_000;
            try (FramePlayer dockerd = FramePlayer.open(path);
                    FramePlayer otherPlayer = FramePlayer.open(other)) {
                dockerd.line("stdout", "before").bytes(new byte[] {0x7f, 0, 0, 0});
                for (int i = 0; i < frames; i++) {
                    dockerd.line("stdout", "worthless");
                    otherPlayer.line("stderr", "worth it");
                }
            }
            reading.get();
            otherReading.get();

            assertThat(logged.raw(Output.STDOUT)).isEqualTo("before\n");
            assertThat(logged.counters.brokenStreams()).isEqualTo(1);
            assertThat(logged.counters.droppedBytes())
                    .isEqualTo(4 + frames * (long) DockerFrames.frame("stdout", 1L << 60, "worthless".getBytes(UTF_8)).length);
            assertThat(sound.raw(Output.STDERR)).isEqualTo("worth it\n".repeat(frames));
            assertThat(sound.counters.brokenStreams()).isZero();
        }
    }

    @Test
    void aFrameThatIsCutShortAtTheEnd() throws Exception {
        byte[] frame = DockerFrames.frame("stdout", 1, "cut".getBytes(UTF_8));
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Fifo fifo = Fifo.open(path)) {
            Running<Boolean> reading = Logged.read(intake(fifo, logged)::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                dockerd.line("stdout", "whole").bytes(Arrays.copyOf(frame, frame.length - 1));
            }
            reading.get();

            assertThat(logged.raw(Output.STDOUT)).isEqualTo("whole\n");
            assertThat(logged.counters.brokenStreams()).isEqualTo(1);
            assertThat(logged.counters.droppedBytes()).isEqualTo(frame.length - 1);
        }
    }

    private static FrameIntake intake(Fifo fifo, Logged logged) throws IOException {
        return new FrameIntake(fifo, logged.log, logged.attachments, logged.counters);
    }
}
