// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import dev.sluice.testing.DockerFrames;
import dev.sluice.testing.Jvm;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Other;
import dev.sluice.testing.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Intakes that are killed with -9 again and again, while their source goes on: each line is in the log, and once. */
class KillTest {
    private static final Pattern NUMBER = Pattern.compile("line (\\d+) x*(?:\\\\n|\n|$)");

    /** How much is written at a time; a burst and a pause, or all the time. */
    private static final int BURST = 2_000;

    @TempDir
    Path folder;

    private final Random random = new Random();

    @ParameterizedTest
    @CsvSource({"frames, container.log", "lines, container.log", "raw, stdout.log"})
    void killedSixTimes(String kind, String file) throws Exception {
        killed(kind, file, 6);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"frames, container.log", "lines, container.log", "raw, stdout.log"})
    void killedFiftyTimes(String kind, String file) throws Exception {
        killed(kind, file, 50);
    }

    private void killed(String kind, String file, int kills) throws Exception {
        Path fifo = folder.resolve("fifo");
        Path log = folder.resolve("logs/c").resolve(file);
        Fifo.create(fifo);
        // It has both ends, so nobody who writes is told that the reader has gone.
        RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw");
        AtomicBoolean enough = new AtomicBoolean();
        Running<Integer> writing = OnThread.PLATFORM.call(() -> write(kind, writer, enough));
        for (int i = 0; i < kills; i++) {
            try (Other intake = start(kind, fifo)) {
                awaitGrowth(log);
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(60)));
                assertThat(intake.isAlive()).isTrue();
            } // which kills it
        }
        try (Other last = start(kind, fifo)) {
            awaitGrowth(log);
            enough.set(true);
            int lines = writing.get();
            writer.close();
            assertThat(last.exit()).isZero();
            assertNumbered(log, lines);
        }
    }

    private Other start(String kind, Path fifo) throws IOException {
        List<String> command = Jvm.command(
                KilledIntake.class, kind, fifo.toString(), folder.resolve("logs").toString());
        return Other.start(command.toArray(String[]::new));
    }

    private static void awaitGrowth(Path log) {
        long before = log.toFile().length();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> log.toFile().length() > before);
    }

    private static int write(String kind, RandomAccessFile to, AtomicBoolean enough) throws IOException {
        Random lengths = new Random(5);
        int lines = 0;
        while (!enough.get()) {
            // Sometimes one by one, sometimes many with one write.
            boolean together = lengths.nextInt(4) == 0;
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int i = 0; i < BURST; i++) {
                String line = "line " + lines++ + " " + "x".repeat(lengths.nextInt(100));
                byte[] bytes = kind.equals("frames")
                        ? DockerFrames.frame("stdout", 1, line.getBytes(UTF_8))
                        : (line + "\n").getBytes(UTF_8);
                if (together) {
                    burst.writeBytes(bytes);
                } else {
                    to.write(bytes);
                }
            }
            to.write(burst.toByteArray());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lengths.nextInt(8)));
        }
        return lines;
    }

    private static void assertNumbered(Path log, int lines) throws IOException {
        Matcher numbers = NUMBER.matcher(Files.readString(log));
        int expected = 0;
        while (numbers.find()) {
            if (Integer.parseInt(numbers.group(1)) != expected) {
                throw new AssertionError("line " + numbers.group(1) + " where line " + expected + " should be");
            }
            expected++;
        }
        assertThat(expected).isEqualTo(lines);
    }
}
