// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.cli.Sizes;
import java.util.Locale;

/** The words of {@code --stats-interval}; the rate is that since the line before. */
final class StatsLine {
    private long lastAt;
    private long lastBytes;

    /** @param start as System.nanoTime tells it */
    StatsLine(long start) {
        this.lastAt = start;
    }

    String at(long now, Sessions.Count count) {
        long bytes = count.forth() + count.back();
        double rate = now == lastAt ? 0 : (bytes - lastBytes) * 1e9 / (now - lastAt);
        lastAt = now;
        lastBytes = bytes;
        return String.format(
                Locale.ROOT,
                "%,d %s now, %,d ever; %s to the target, %s back, %s/s",
                count.now(),
                count.now() == 1 ? "connection" : "connections",
                count.ever(),
                Sizes.format(count.forth()),
                Sizes.format(count.back()),
                Sizes.format(rate));
    }
}
