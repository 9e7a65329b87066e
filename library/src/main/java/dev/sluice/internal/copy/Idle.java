// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;

/**
 * How long nothing may move, and until when that is. Transfers that count as one share it, such as the two directions
 * of a relay: a long download is not ended because nothing is uploaded. So the moment may have become a later one
 * whenever a wait for it is over.
 *
 * <p>But what one of them has found to be over is over for all: a byte that the other one moves right after puts it off
 * no more. Else one would have ended, and the other gone on alone. So each is for one run.
 */
public final class Idle {
    private final long timeout;
    private volatile long until = Deadline.NONE;
    private volatile boolean over;

    /** @param timeout nanoseconds, or 0 for without end */
    public Idle(long timeout) {
        this.timeout = timeout;
    }

    /** The same timeout for another run. */
    public Idle anew() {
        return new Idle(timeout);
    }

    /** To be told when a transfer begins, and that bytes have moved. */
    void touch() {
        if (timeout != 0) {
            putOff();
        }
    }

    private synchronized void putOff() {
        if (!over) {
            until = Deadline.after(timeout);
        }
    }

    /** The moment as it is now, as {@link Deadline} has it. */
    long until() {
        return until;
    }

    /** Whether the moment has passed, which then is so for good. */
    boolean passed() {
        return over || (Deadline.passed(until) && end());
    }

    private synchronized boolean end() {
        over |= Deadline.passed(until);
        return over;
    }

    /** Whether it has been found to have {@link #passed}. */
    boolean isOver() {
        return over;
    }
}
