// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a thread waits for one side, or for one end of a copy while it watches the other.
 *
 * <p>A virtual thread parks, and a {@link Poller} wakes it; a platform thread blocks in poll(2). Either way it is
 * enlisted in the latches of the sides, by which close, a changed deadline and the poller reach it. Every return is a
 * hint: the caller prepares and tries again.
 */
public final class Waiting {
    /** To leave the descriptor out, hang-ups and errors included, and wait for the rest. */
    static final int NOTHING = -1;

    private Waiting() {}

    /**
     * Waits for one side, until {@code until} at the latest; returns then, and throws for all else that ends a wait.
     */
    public static void await(Side side, int events, long until) throws IOException {
        await(side, events, null, 0, until, until == Deadline.NONE);
    }

    /**
     * Waits for one end of a copy, watching the other one: for a close, and where it is the destination for a hang-up.
     * The readiness of the other end is of no interest, and would wake the copy in vain.
     *
     * @param watch a watch ({@link OpenDescriptor#addWatch}) of the other end
     * @param forHangup whether its hang-up ends the wait; that of a source must not, since what it left can still be
     *     read
     */
    public static void await(Side awaited, Side watch, boolean forHangup, long until) throws IOException {
        await(awaited, awaited.events(), watch, forHangup ? 0 : NOTHING, until, true);
    }

    /**
     * Waits for a time, in which a close, a deadline, an interrupt and another's wake-up are noticed, and no readiness.
     */
    public static void pause(Side side, @Nullable Side other, long until) throws IOException {
        if (other != null) {
            other.prepare();
        }
        await(side, NOTHING, other, NOTHING, until, until == Deadline.NONE);
    }

    /** @param recorded whether it is a wait of its own, and not the moment between two looks of a longer one */
    private static void await(
            Side first, int firstEvents, @Nullable Side second, int secondEvents, long until, boolean recorded)
            throws IOException {
        check(first, second);
        if (firstEvents != NOTHING) {
            requirePollable(first);
        }
        long moment = Deadline.earlier(until, first.deadline());
        if (second != null) {
            moment = Deadline.earlier(moment, second.deadline());
        }
        @Nullable Object event = recorded ? Recorder.waitBegins() : null;
        boolean ready;
        try {
            ready = Thread.currentThread().isVirtual()
                    ? park(first, firstEvents != NOTHING, second, moment)
                    : poll(first, firstEvents, second, secondEvents, moment);
        } finally {
            Recorder.waitEnds(event, first);
        }
        if (!ready) {
            check(first, second);
        }
    }

    /** Fails for what is always ready: a virtual thread would wait for ever, and a platform thread not at all. */
    private static void requirePollable(Side side) throws IOException {
        if (!side.owner().isPollable(side.state())) {
            throw Failures.of("wait for", side.owner().name(), Errno.EAGAIN, "and it cannot be polled");
        }
    }

    private static void check(Side first, @Nullable Side second) throws IOException {
        first.check();
        if (second != null) {
            second.check();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw first.interrupted();
        }
    }

    private static boolean park(Side first, boolean forReadiness, @Nullable Side second, long moment)
            throws IOException {
        first.owner().register(first.state());
        if (second != null) {
            second.owner().register(first.state());
        }
        first.beginsWait();
        Thread thread = Thread.currentThread();
        if (!first.latch().enlist(thread)) {
            return true;
        }
        try {
            if (second != null && !second.latch().enlist(thread)) {
                return true;
            }
            if (forReadiness) {
                first.heed(); // of the second one hang-ups alone matter
            }
            park(first, moment);
            return first.latch().isReady() || (second != null && second.latch().isReady());
        } finally {
            first.latch().withdraw(thread);
            if (second != null) {
                second.latch().withdraw(thread);
            }
            if (forReadiness) {
                first.ignore();
            }
        }
    }

    /** Parks a virtual thread that is enlisted. */
    static void park(Object blocker, long moment) {
        if (moment == Deadline.NONE) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, Deadline.remaining(moment));
        }
    }

    private static boolean poll(Side first, int firstEvents, @Nullable Side second, int secondEvents, long moment)
            throws IOException {
        PlatformWait wait = PlatformWait.acquire();
        try {
            if (!first.latch().enlist(wait) || (second != null && !second.latch().enlist(wait))) {
                return true;
            }
            add(wait, first, firstEvents);
            if (second != null) {
                add(wait, second, secondEvents);
            }
            wait.await(Deadline.remaining(moment));
            boolean ready = wait.answered(1) != 0;
            if (second != null && wait.answered(2) != 0) {
                ready = true;
                if ((wait.answered(2) & Hangups.EVENTS) != 0) {
                    second.owner().peer().noteHangup();
                }
            }
            return ready;
        } finally {
            first.latch().withdraw(wait);
            if (second != null) {
                second.latch().withdraw(wait);
            }
            wait.release();
        }
    }

    // poll(2) skips a negative descriptor.
    static void add(PlatformWait wait, Side side, int events) {
        wait.add(events == NOTHING ? -1 : side.owner().number(), events);
    }
}
