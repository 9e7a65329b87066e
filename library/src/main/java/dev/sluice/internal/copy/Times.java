// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;

/** By when a transfer is to end: its deadline, and its idle timeout, which others may put off meanwhile. */
final class Times {
    private final Idle idle;
    private final long deadline;

    /** The deadline counts from now. */
    Times(Options options) {
        this.idle = options.idle();
        this.deadline = options.deadline() == 0 ? Deadline.NONE : Deadline.after(options.deadline());
        idle.touch();
    }

    /** To be told that bytes have moved. */
    void moved() {
        idle.touch();
    }

    /** How long a wait may last, as {@link Deadline} has it; the next may last longer. */
    long until() {
        return Deadline.earlier(deadline, idle.until());
    }

    boolean isDeadlinePassed() {
        return Deadline.passed(deadline);
    }

    /** Whether a transfer that counts as one with this has found that nothing moved for too long, and has ended. */
    boolean isIdleOver() {
        return idle.isOver();
    }

    boolean isIdlePassed() {
        return idle.passed();
    }
}
