// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.testing.FramePlayer;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.Running;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class CoalescingTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int CAPACITY = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aSparseFlowIsNeverKeptWaiting() {
        Coalescing coalescing = new Coalescing();
        for (int i = 1; i < 100; i++) {
            assertThat(coalescing.afterBatch(i * 5 * MILLI, 1, 100, CAPACITY)).isZero();
        }
        assertThat(coalescing.isDense()).isFalse();
    }

    @Test
    void aDenseFlowGathersUntilItIsSparseAgain() {
        Coalescing coalescing = new Coalescing();
        long now = 0;
        while (!coalescing.isDense()) {
            now += MILLI / 10;
            coalescing.afterBatch(now, 1, 100, CAPACITY);
            assertThat(now).isLessThan(MILLI);
        }
        for (int i = 0; i < 10; i++) {
            now += 3 * MILLI;
            assertThat(coalescing.afterBatch(now, 30, 3_000, CAPACITY)).isEqualTo(Coalescing.LONGEST_NANOS);
        }
        now += 3 * MILLI;
        assertThat(coalescing.afterBatch(now, 1, 100, CAPACITY)).isZero();
        assertThat(coalescing.isDense()).isFalse();
    }

    @Test
    void thePipeIsNotToBeFullBeforeTheNextLook() {
        Coalescing coalescing = new Coalescing();
        for (int i = 1; i <= 10; i++) {
            coalescing.afterBatch(i, 2, 200, CAPACITY);
        }
        // 256 KiB a millisecond: half a pipe in two.
        assertThat(coalescing.afterBatch(10 + MILLI, 2_000, 256 * 1024, CAPACITY)).isEqualTo(2 * MILLI);
        // The writer is faster than naps are short.
        assertThat(coalescing.afterBatch(10 + 2 * MILLI, 2_000, 8 * CAPACITY, CAPACITY)).isZero();
    }

    @Test
    void linesThatAreWrittenOneByOneArriveTogether() throws Exception {
        int lines = 100_000;
        String line = "x".repeat(99);
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Logged logged = Logged.open(folder, LogFormat.JSON_FILE);
                Fifo fifo = Fifo.open(path)) {
            FrameIntake intake = new FrameIntake(fifo, logged.log, logged.attachments, logged.counters);
            Running<Boolean> reading = Logged.read(intake::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                for (int i = 0; i < lines; i++) {
                    dockerd.line("stdout", line);
                }
            }
            reading.get();

            assertThat(logged.lines()).hasSize(lines);
            assertThat(logged.counters.batches()).isBetween(1L, lines / 50L);
        }
    }

    @Test
    void aLoneLineIsThereWithinMilliseconds() throws Exception {
        int lines = 101;
        long[] nanos = new long[lines];
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Logged logged = Logged.open(folder, LogFormat.JSON_FILE);
                Fifo fifo = Fifo.open(path)) {
            FrameIntake intake = new FrameIntake(fifo, logged.log, logged.attachments, logged.counters);
            Running<Boolean> reading = Logged.read(intake::run);
            try (FramePlayer dockerd = FramePlayer.open(path)) {
                for (int i = 0; i < lines; i++) {
                    long start = System.nanoTime();
                    dockerd.line("stdout", "lone");
                    while (logged.counters.lines() <= i) {
                        LockSupport.parkNanos(MILLI / 20);
                    }
                    nanos[i] = System.nanoTime() - start;
                    LockSupport.parkNanos(3 * MILLI);
                }
            }
            reading.get();
        }
        Arrays.sort(nanos);
        assertThat(nanos[lines / 2]).as("median, in ns").isLessThan(5 * MILLI);
    }
}
