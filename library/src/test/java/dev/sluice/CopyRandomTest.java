// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.NothingLeft;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is split, slow, interrupted or gone, no byte is lost, doubled or reordered.
 *
 * <p>The seed of a failure is in its message: {@code -Dsluice.seed=N -Dsluice.schedules=1} runs that one again.
 */
@ExtendWith(NothingLeft.class)
class CopyRandomTest {
    private static final int SCHEDULES = Integer.getInteger("sluice.schedules", 400);
    private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyByteArrivesOnceAndInOrder() {
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = SEED + i;
            try {
                new CopySchedule(seed).run(folder);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("-Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
