// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/**
 * What a destination that does not keep up is to get.
 *
 * @param policy what becomes of what it has no room for
 * @param bound bytes that may wait for it; a chunk may go beyond it, see {@link Feed}. Without meaning for HOLD
 */
public record Lag(Policy policy, long bound) {
    /** What becomes of what a destination has no room for. */
    public enum Policy {
        /** The source is held back. */
        HOLD,
        /** It is left out, in whole chunks as they came from the source. */
        SKIP,
        /** It is left out, in whole lines. */
        SKIP_LINES,
        /** The destination is given up. */
        DROP
    }
}
