// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what other processes do. */
final class Await {
    private Await() {}

    /** Waits until it is so, and fails if that takes too long. */
    static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .until(condition);
    }
}
