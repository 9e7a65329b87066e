// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.Copy;
import org.jspecify.annotations.Nullable;

/** What all runs of a copy have moved, the one under way included. Written by the copying thread, read by any. */
final class Totals {
    private final long start = System.nanoTime();
    private long bytes;
    private long spliced;
    private @Nullable Copy underWay;

    synchronized void begin(Copy copy) {
        underWay = copy;
    }

    /** To be called after each run, also after one that failed. */
    synchronized void end() {
        bytes = bytes();
        spliced = spliced();
        underWay = null;
    }

    synchronized long bytes() {
        return bytes + (underWay == null ? 0 : underWay.transferred());
    }

    synchronized long spliced() {
        return spliced + (underWay == null ? 0 : underWay.spliced());
    }

    long nanos() {
        return System.nanoTime() - start;
    }
}
