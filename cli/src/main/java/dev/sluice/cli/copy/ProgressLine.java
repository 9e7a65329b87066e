// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.Durations;
import dev.sluice.cli.Sizes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * The words of a progress line: bytes, rate and time; share and remaining time where the size is known.
 *
 * <p>The rate is that of the last few seconds, so that a stall shows.
 */
final class ProgressLine {
    private static final long WINDOW_NANOS = 5_000_000_000L;
    private static final int SHORTEST_BAR = 10;
    private static final int LONGEST_BAR = 40;

    private final long size;
    private final ArrayDeque<long[]> samples = new ArrayDeque<>();

    /** @param size how many bytes there will be, or -1 if nobody knows */
    ProgressLine(long size) {
        this.size = size;
        samples.add(new long[] {0, 0});
    }

    /**
     * What there is to say now.
     *
     * @param nanos since the start
     * @param columns how long the line may be; with room enough it gets a bar
     */
    String at(long nanos, long bytes, int columns) {
        samples.add(new long[] {nanos, bytes});
        while (samples.size() > 2 && nanos - samples.getFirst()[0] > WINDOW_NANOS) {
            samples.removeFirst();
        }
        long[] since = samples.getFirst();
        double rate = nanos == since[0] ? 0 : (bytes - since[1]) * 1e9 / (nanos - since[0]);
        return compose(nanos, bytes, rate, columns);
    }

    /** What there is to say in the end, with the rate of the whole. */
    String last(long nanos, long bytes, int columns) {
        return compose(nanos, bytes, nanos == 0 ? 0 : bytes * 1e9 / nanos, columns);
    }

    private String compose(long nanos, long bytes, double rate, int columns) {
        String line = String.format(
                Locale.ROOT,
                "%9s  %9s/s  %s",
                Sizes.format(bytes), Sizes.format(rate), Durations.format(Duration.ofNanos(nanos)));
        if (size > 0) {
            double share = Math.min(1, (double) bytes / size);
            String rest = String.format(Locale.ROOT, "  %3d %%", (int) (100 * share));
            if (bytes < size && rate >= 1) {
                rest += "  " + Durations.format(Duration.ofSeconds((long) Math.ceil((size - bytes) / rate))) + " left";
            }
            line += bar(share, columns - line.length() - rest.length() - 4) + rest;
        }
        return line.length() > columns ? line.substring(0, columns) : line;
    }

    private static String bar(double share, int room) {
        if (room < SHORTEST_BAR) {
            return "";
        }
        int length = Math.min(room, LONGEST_BAR);
        int done = (int) (share * length);
        String head = done == 0 || done == length ? "" : ">";
        return "  [" + "=".repeat(done - head.length()) + head + " ".repeat(length - done) + "]";
    }
}
