// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/**
 * Which way the next round takes: by the kinds of the two ends, and then by evidence.
 *
 * <pre>
 *   way      spliced, little   copied, much, all written     refused
 *   SPLICE   BUFFER            -                             BUFFER, for good
 *   BUFFER   -                 SPLICE, if the kinds splice   -
 *   others   -                 -                             BUFFER, for good
 * </pre>
 */
final class WayChoice {
    /** Below this much in a round, a pipe is better read and written: each splice takes up whole slots. */
    private static final long SMALL = 4 * 1024;

    /** From this much in a round, splicing is better. */
    private static final long LARGE = 16 * 1024;

    private Way best;
    private Way way;

    WayChoice(Way best) {
        this.best = best;
        this.way = best;
    }

    Way way() {
        return way;
    }

    void refused() {
        best = Way.BUFFER;
        way = Way.BUFFER;
    }

    void spliced(long count) {
        if (count < SMALL) {
            way = Way.BUFFER;
        }
    }

    /** @param read how much the last read brought, all of which has been written */
    void copied(long read) {
        if (best == Way.SPLICE && read >= LARGE) {
            way = Way.SPLICE;
        }
    }
}
