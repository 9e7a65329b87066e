// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import java.io.IOException;

/**
 * The two ends of a transfer, held for as long as it runs: the source's read side, the destination's write side, and a
 * watch on each, so that a wait for one end notices what happens to the other.
 *
 * <p>splice(2) answers EAGAIN both for an empty source and for a full destination. To wait for the wrong one costs
 * little where readiness is a level, as for a platform thread in poll(2): it guesses, and guesses otherwise if the next
 * try moves nothing. To a virtual thread readiness is an edge, and the wrong one may never come: it asks the kernel
 * first. Every latch was cleared before the try, so an edge since then ends the wait.
 */
final class Ends implements AutoCloseable {
    private final Side from;
    private final Side to;
    private final Side fromWatch;
    private final Side toWatch;
    private boolean blockedOnDestination;
    private boolean waitedInVain;

    private Ends(Side from, Side to, Side fromWatch, Side toWatch) {
        this.from = from;
        this.to = to;
        this.fromWatch = fromWatch;
        this.toWatch = toWatch;
    }

    /**
     * Takes both, first the source: nobody who holds a write side waits for a read side, so no two wait in a circle.
     */
    static Ends take(Side from, Side to, long until) throws IOException {
        from.begin(to, until);
        try {
            to.begin(from, until);
            try {
                return watching(from, to);
            } catch (Throwable failure) {
                to.end();
                throw failure;
            }
        } catch (Throwable failure) {
            from.end();
            throw failure;
        }
    }

    private static Ends watching(Side from, Side to) {
        Side fromWatch = from.owner().addWatch();
        try {
            return new Ends(from, to, fromWatch, to.owner().addWatch());
        } catch (Throwable failure) {
            from.owner().removeWatch(fromWatch);
            throw failure;
        }
    }

    @Override
    public void close() {
        from.owner().removeWatch(fromWatch);
        to.owner().removeWatch(toWatch);
        to.end();
        from.end();
    }

    /** To be called before each try: from here on no edge is missed. */
    void prepare() throws IOException {
        fromWatch.prepare();
        toWatch.prepare();
        from.prepare();
        to.prepare();
    }

    /** To be told that bytes have moved. */
    void moved() {
        waitedInVain = false;
    }

    void awaitSource(long until) throws IOException {
        Waiting.await(from, toWatch, true, earliest(until));
    }

    void awaitDestination(long until) throws IOException {
        Waiting.await(to, fromWatch, false, earliest(until));
    }

    /** Waits for whichever made a splice answer EAGAIN. */
    void awaitEither(long until) throws IOException {
        if (!to.owner().isPollable(to.state())) {
            awaitSource(until);
        } else if (!from.owner().isPollable(from.state())) {
            awaitDestination(until);
        } else if (Thread.currentThread().isVirtual()) {
            awaitByAsking(until);
        } else {
            blockedOnDestination ^= waitedInVain;
            waitedInVain = true;
            if (blockedOnDestination) {
                awaitDestination(until);
            } else {
                awaitSource(until);
            }
        }
    }

    private void awaitByAsking(long until) throws IOException {
        OpenDescriptor source = from.owner();
        OpenDescriptor destination = to.owner();
        long bits = PollCalls.pollNow(
                from.state(), source.number(), Constants.EPOLLIN, destination.number(), Constants.EPOLLOUT);
        boolean readable = (int) bits != 0;
        int destinationBits = (int) (bits >>> Integer.SIZE);
        if ((destinationBits & Hangups.EVENTS) != 0) {
            destination.peer().noteHangup();
        } else if (!readable) {
            awaitSource(until);
        } else if (destinationBits == 0) {
            awaitDestination(until);
        }
        // Else both have become ready since the try: there is nothing to wait for.
    }

    private long earliest(long until) {
        return Deadline.earlier(
                until, Deadline.earlier(from.deadline(), to.deadline()));
    }
}
