// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Lag;

/**
 * What becomes of a {@link FanOut}'s destination that does not keep up.
 *
 * <p>Bounds are in bytes, and say how much may wait for the destination. As long as nothing waits, a chunk is taken
 * whatever its size, so that one, of a megabyte at most, may go beyond it.
 */
public final class SlowPolicy {
    private final Lag lag;

    private SlowPolicy(Lag.Policy policy, long bound) {
        if (bound < 0) {
            throw new IllegalArgumentException("a bound of " + bound + " bytes");
        }
        this.lag = new Lag(policy, bound);
    }

    /** {@return a policy that holds the source back until the destination has taken all} So every byte arrives. */
    public static SlowPolicy block() {
        return new SlowPolicy(Lag.Policy.HOLD, 0);
    }

    /**
     * Leaves out what the destination has no room for, in whole chunks as they came from the source.
     *
     * @param bound bytes that may wait
     * @return the policy
     * @throws IllegalArgumentException if the bound is negative
     */
    public static SlowPolicy skip(long bound) {
        return new SlowPolicy(Lag.Policy.SKIP, bound);
    }

    /**
     * Leaves out what the destination has no room for, in whole lines, whatever the chunks are. What it gets are lines
     * that end in a newline, but for the first one, if it joined in mid-line, the last one, if the source ends so, and
     * those that are longer than 64 KiB and than the bound, which may be cut.
     *
     * @param bound bytes that may wait; the line that has begun may go beyond it
     * @return the policy
     * @throws IllegalArgumentException if the bound is negative
     */
    public static SlowPolicy skipLines(long bound) {
        return new SlowPolicy(Lag.Policy.SKIP_LINES, bound);
    }

    /**
     * Gives the destination up when it has no room for what comes.
     *
     * @param bound bytes that may wait
     * @return the policy
     * @throws IllegalArgumentException if the bound is negative
     */
    public static SlowPolicy drop(long bound) {
        return new SlowPolicy(Lag.Policy.DROP, bound);
    }

    Lag lag() {
        return lag;
    }
}
