// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;

/**
 * How long nothing may move, and until when that is. Transfers that count as one share it, such as the two directions
 * of a relay: a long download is not ended because nothing is uploaded. So the moment may have become a later one
 * whenever a wait for it is over.
 */
public final class Idle {
    private final long timeout;
    private volatile long until = Deadline.NONE;

    /** @param timeout nanoseconds, or 0 for without end */
    public Idle(long timeout) {
        this.timeout = timeout;
    }

    /** To be told when a transfer begins, and that bytes have moved. */
    void touch() {
        if (timeout != 0) {
            until = Deadline.after(timeout);
        }
    }

    /** The moment as it is now, as {@link Deadline} has it. */
    long until() {
        return until;
    }

    boolean passed() {
        return Deadline.passed(until);
    }
}
