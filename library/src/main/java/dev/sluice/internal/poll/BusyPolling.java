// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.concurrent.TimeUnit;

/**
 * Whether it pays to look for the next event over and over, before waiting for it in the kernel. To go to sleep and be
 * woken costs both who waits and who wakes, on a virtual machine more than a message does; and an answer that is found
 * at once brings forth the next question sooner.
 *
 * <p>It is an account of time, and it pays as long as there is any:
 *
 * <pre>
 *   an event is found after t us     {@value #WAIT_MICROS} - t us are gained: what a wait costs, less what looking did
 *   none in {@value #LONGEST_MICROS} us                    they are lost
 *   time goes by                     one part in {@value #SHARE} of it is gained, to see whether it pays again
 * </pre>
 *
 * <p>It neither holds nor owes more than {@value #MOST_MICROS} us. With one processor it never pays: nobody else could
 * do anything meanwhile.
 */
final class BusyPolling {
    private static final long LONGEST_MICROS = 50;

    /** To be looked for at most. */
    static final long LONGEST_NANOS = TimeUnit.MICROSECONDS.toNanos(LONGEST_MICROS);

    private static final long WAIT_MICROS = 25;
    private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(WAIT_MICROS);
    private static final long MOST_MICROS = 500;
    private static final long MOST_NANOS = TimeUnit.MICROSECONDS.toNanos(MOST_MICROS);
    private static final int SHARE = 50;

    private final boolean possible;
    private long account = MOST_NANOS;
    private long seen;

    /** @param now as {@link System#nanoTime} has it */
    BusyPolling(int processors, long now) {
        possible = processors > 1;
        seen = now;
    }

    /** Whether to look now, for {@value #LONGEST_MICROS} us at most; {@link #ended} is to be told then. */
    boolean pays(long now) {
        add(Math.min((now - seen) / SHARE, MOST_NANOS));
        seen = now;
        return possible && account > 0;
    }

    void ended(boolean found, long nanos) {
        add(found ? WAIT_NANOS - nanos : -nanos);
    }

    private void add(long nanos) {
        account = Math.clamp(account + nanos, -MOST_NANOS, MOST_NANOS);
    }
}
