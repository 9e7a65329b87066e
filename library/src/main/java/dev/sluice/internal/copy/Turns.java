// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** When one who copies lets others run, although he need not wait. */
@SuppressWarnings("ThreadPriorityCheck") // to yield is the point
final class Turns {
    /** Rounds that never wait before a virtual thread lets others have its carrier. */
    private static final int MOST = 64;

    /**
     * How long it yields only. A carrier that finds a thread in the queue to which it has yielded looks into no other
     * one, in which there may be somebody whom a platform thread woke: so then it parks, for no time at all. Only then,
     * for it is woken by a platform thread itself, and may have to wait its turn.
     */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final boolean fromPipe;
    private int rounds;
    private long parked = System.nanoTime();

    /**
     * Whether the last round read all that the source had, a pipe, and it was little: then those who write there are
     * let run once before they are asked for more. On a busy machine that turns many rounds of a byte each into few of
     * many, and as long as no round is empty the pipe is never polled, which would make every write into it dearer (the
     * kernel's {@code poll_usage}).
     */
    private boolean drained;

    Turns(Side from) {
        this.fromPipe = from.owner().kind() == Kind.PIPE;
    }

    /** To be called before each round: lets those run who write to a source that was drained. */
    void begin() {
        if (drained) {
            drained = false;
            Thread.yield();
        }
    }

    /**
     * To be called after each round that moved something.
     *
     * @param all whether it was read, and was all that the source had
     */
    void end(boolean all) {
        drained = all && fromPipe;
        if (++rounds >= MOST) {
            rounds = 0;
            if (Thread.currentThread().isVirtual()) {
                letRun();
            }
        }
    }

    /** To be called before each wait, which lets others run too. */
    void waits() {
        rounds = 0;
    }

    private void letRun() {
        long now = System.nanoTime();
        if (now - parked > LONGEST_NANOS) {
            parked = now;
            LockSupport.parkNanos(this, 1);
        } else {
            Thread.yield();
        }
    }
}
