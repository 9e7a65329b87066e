// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/**
 * Which way the next round takes: by the kinds of the two ends, and then by evidence.
 *
 * <pre>
 *   way            spliced, little   copied, much, all written       no pipe to be had   refused
 *   SPLICE         BUFFER            -                               -                   BUFFER, for good
 *   THROUGH_PIPE   BUFFER            -                               BUFFER              BUFFER, for good
 *   BUFFER         -                 the best that the kinds allow   -                   -
 *   others         -                 -                               -                   BUFFER, for good
 * </pre>
 *
 * <p>A copy that is to splice only stays with SPLICE.
 *
 * <p>The first round takes the best way at once, but for THROUGH_PIPE: what goes between sockets is often a small
 * question and a small answer, for which no pipe need be touched.
 */
final class WayChoice {
    /** Below this much in a round, it is better read and written: each splice takes up whole slots of a pipe. */
    private static final long SMALL = 4 * 1024;

    /** From this much in a round, splicing is better. */
    private static final long LARGE = 16 * 1024;

    private final boolean bestOnly;
    private Way best;
    private Way way;

    /** @param bestOnly whether no other way may be taken, where little is moved too */
    WayChoice(Way best, boolean bestOnly) {
        this.bestOnly = bestOnly;
        this.best = best;
        this.way = best == Way.THROUGH_PIPE ? Way.BUFFER : best;
    }

    Way way() {
        return way;
    }

    void refused() {
        best = Way.BUFFER;
        way = Way.BUFFER;
    }

    void noPipe() {
        way = Way.BUFFER;
    }

    void spliced(long count) {
        if (count < SMALL && !bestOnly) {
            way = Way.BUFFER;
        }
    }

    /** @param read how much the last read brought, all of which has been written */
    void copied(long read) {
        if (read >= LARGE && (best == Way.SPLICE || best == Way.THROUGH_PIPE)) {
            way = best;
        }
    }
}
