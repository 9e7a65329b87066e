// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeft.class)
class RawIntakeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "5000, 1", "100000, 100", "1000000, 5000", "30000000, 65536", "20000000, 300000"})
    void byteForByte(int size, int writeSize) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Pipe pipe = Pipe.open()) {
            Running<Boolean> reading = Logged.read(intake(pipe, logged)::run);
            for (int at = 0; at < size; at += writeSize) {
                pipe.sink().write(ByteBuffer.wrap(bytes, at, Math.min(writeSize, size - at)));
            }
            pipe.sink().close();
            reading.get();

            assertThat(Arrays.mismatch(log(), bytes)).isEqualTo(-1);
            assertThat(logged.counters.bytes()).isEqualTo(size);
        }
    }

    @Test
    void whereMoreIsThereThanWasSeenALineIsNotTornApart() {
        byte[] seen = "one\ntwo\nthr".getBytes(ISO_8859_1);
        assertThat(RawIntake.wholeLines(seen, seen.length)).isEqualTo("one\ntwo\n".length());
        assertThat(RawIntake.wholeLines(seen, 6)).as("all that is there").isEqualTo(6);
        assertThat(RawIntake.wholeLines(new byte[10], 10)).as("a line that is longer").isEqualTo(10);
    }

    @Test
    void bytesWithoutANewlineAreThereAtOnce() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Pipe pipe = Pipe.open()) {
            Running<Boolean> reading = Logged.read(intake(pipe, logged)::run);
            pipe.sink().write(ByteBuffer.wrap("a prompt> ".getBytes(ISO_8859_1)));
            Awaitility.await().until(() -> logged.raw(Output.STDOUT).equals("a prompt> "));
            pipe.sink().close();
            reading.get();
        }
    }

    @Test
    void interruptedWhileMuchComes() throws Exception {
        byte[] block = new byte[1_000_003];
        new Random(1).nextBytes(block);
        AtomicBoolean enough = new AtomicBoolean();
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Pipe pipe = Pipe.open()) {
            RawIntake intake = intake(pipe, logged);
            Running<Boolean> reading = Logged.read(intake::run);
            Running<Integer> writing = OnThread.PLATFORM.call(() -> {
                int blocks = 0;
                while (!enough.get()) {
                    pipe.sink().write(ByteBuffer.wrap(block));
                    blocks++;
                }
                pipe.sink().close();
                return blocks;
            });
            for (int stop = 1; stop < 6; stop++) {
                long some = stop * 3_000_000L;
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> logged.counters.bytes() >= some);
                reading.interrupt();
                assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);
                reading = Logged.read(intake::run);
            }
            enough.set(true);
            int blocks = writing.get();
            reading.get();

            assertThat(logged.counters.bytes()).isEqualTo((long) blocks * block.length);
            try (InputStream in = Files.newInputStream(folder.resolve("c/stdout.log"))) {
                for (int i = 0; i < blocks; i++) {
                    assertThat(Arrays.mismatch(in.readNBytes(block.length), block)).as("block %d", i).isEqualTo(-1);
                }
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aLargeFlowIsSplicedAndASmallOneIsNot() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.RAW);
                Pipe pipe = Pipe.open()) {
            Splicing splicing =
                    new Splicing(pipe.source(), logged.log.raw(Output.STDOUT), logged.counters);
            assertThat(splicing.pays(4_096, 65_536)).isFalse();
            assertThat(splicing.pays(65_536, 65_536)).isTrue();
            pipe.sink().write(ByteBuffer.wrap(new byte[50_000]));
            assertThat(splicing.turn()).isEqualTo(Splicing.End.LITTLE);
            assertThat(log()).hasSize(50_000);
            pipe.sink().close();
            assertThat(splicing.turn()).isEqualTo(Splicing.End.END_OF_SOURCE);
            assertThat(logged.counters.bytes()).isEqualTo(50_000);
        }
    }

    private byte[] log() throws IOException {
        return Files.readAllBytes(folder.resolve("c/stdout.log"));
    }

    private static RawIntake intake(Pipe pipe, Logged logged) throws IOException {
        return new RawIntake(pipe.source(), Output.STDOUT, logged.log, logged.attachments, logged.counters);
    }
}
