// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.testing.NothingLeft;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever joins, leaves, stalls or dies: each destination gets what its policy allows, and every number adds up.
 *
 * <p>The seed of a failure is in its message: {@code -Dsluice.seed=N -Dsluice.schedules=1} runs that one again.
 */
@ExtendWith(NothingLeft.class)
class FanOutRandomTest {
    private static final int SCHEDULES = Integer.getInteger("sluice.schedules", 300);
    private static final int MANY = Integer.getInteger("sluice.schedules", 10_000);
    private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachDestinationGetsWhatItsPolicyAllows() {
        play(SCHEDULES, SEED);
    }

    @Test
    @Tag("long")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void eachDestinationGetsWhatItsPolicyAllowsTenThousandTimes() {
        play(MANY, SEED + SCHEDULES);
    }

    private void play(int schedules, long first) {
        for (long seed = first; seed < first + schedules; seed++) {
            try {
                new FanOutSchedule(seed).run(folder);
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("-Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
