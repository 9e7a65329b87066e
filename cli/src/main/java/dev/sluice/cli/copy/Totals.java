// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import java.util.function.LongSupplier;

/** What all runs of a copy have moved, the one under way included. Written by the copying thread, read by any. */
final class Totals {
    private final long start = System.nanoTime();
    private long bytes;
    private long spliced;
    private LongSupplier bytesNow = () -> 0;
    private LongSupplier splicedNow = () -> 0;

    /** To be called before each run, with what tells how far it is. */
    synchronized void begin(LongSupplier itsBytes, LongSupplier itsSpliced) {
        bytesNow = itsBytes;
        splicedNow = itsSpliced;
    }

    /** To be called after each run, also after one that failed. */
    synchronized void end() {
        bytes = bytes();
        spliced = spliced();
        begin(() -> 0, () -> 0);
    }

    synchronized long bytes() {
        return bytes + bytesNow.getAsLong();
    }

    synchronized long spliced() {
        return spliced + splicedNow.getAsLong();
    }

    long nanos() {
        return System.nanoTime() - start;
    }
}
