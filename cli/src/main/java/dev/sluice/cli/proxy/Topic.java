// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that may have to be said very often. The first time it is said at once; what comes within a second of that
 * is said in one line, the latest, with how many more there were. Guarded by the log that it belongs to.
 */
final class Topic {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private String latest = "";
    private long count;
    private long quietUntil;
    private boolean quiet;

    void add(String message) {
        latest = message;
        count++;
    }

    /**
     * The line that is due, or null.
     *
     * @param now as System.nanoTime tells it
     * @param last whether there will be no later time to say it
     */
    @Nullable String take(long now, boolean last) {
        if (count == 0 || (!last && remaining(now) > 0)) {
            return null;
        }
        String line = count == 1 ? latest : latest + String.format(Locale.ROOT, ", and %,d more", count - 1);
        count = 0;
        quiet = true;
        quietUntil = now + QUIET_NANOS;
        return line;
    }

    /** Nanoseconds until a line is due: for ever if there is nothing to say. */
    long patience(long now) {
        return count == 0 ? Long.MAX_VALUE : remaining(now);
    }

    private long remaining(long now) {
        return quiet ? Math.max(0, quietUntil - now) : 0;
    }
}
