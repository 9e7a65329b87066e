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
 * Whatever interrupts, hurries or watches a stream, no byte of it is lost, doubled or reordered.
 *
 * <p>The seed of a failure is in its message: {@code -Dsluice.seed=N -Dsluice.schedules=1} runs that one again.
 */
@ExtendWith(NothingLeft.class)
class DescriptorRandomTest {
    private static final int SCHEDULES = Integer.getInteger("sluice.schedules", 150);
    private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyByteArrivesOnceAndInOrder(@TempDir Path folder) {
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = SEED + i;
            try {
                new DescriptorSchedule(seed, folder).run();
            } catch (Exception | AssertionError failure) {
                throw new AssertionError("-Dsluice.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
