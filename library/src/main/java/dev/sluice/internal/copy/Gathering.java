// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/**
 * Whether it pays to wait until much has come, and not for the next arrival. It does where a flow brings that in a
 * moment, which is found out by trying; and each wait that was too long makes the next try dearer:
 *
 * <pre>
 *   as many bytes as the price have gone             it pays
 *   a wait was too long                              it does not; the price doubles, up to {@value #MOST_BYTES}
 *   the same, after {@value #MOST_BYTES} bytes while it paid    it does not; the first price
 * </pre>
 *
 * <p>So what stops and goes is kept waiting for its rests less and less often.
 */
final class Gathering {
    private static final long FIRST_BYTES = 8 << 20;
    private static final long MOST_BYTES = 1 << 30;

    private long price = FIRST_BYTES;
    private long bytes;

    /** To be told of what flows. */
    void moved(long count) {
        bytes += count;
    }

    boolean pays() {
        return bytes >= price;
    }

    /** To be told of each wait for much that was too long. */
    void wasLate() {
        price = bytes - price >= MOST_BYTES ? FIRST_BYTES : Math.min(2 * price, MOST_BYTES);
        bytes = 0;
    }
}
