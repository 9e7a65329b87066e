// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.WaitSet;
import java.io.IOException;
import java.util.List;

/** How a fan-out waits when nothing moves: for its source, for every destination, and for who asks for something. */
final class Standstill {
    private final Side from;
    private final WaitSet waits;
    private final Pace pace;

    Standstill(Side from, WaitSet waits, Pace pace) {
        this.from = from;
        this.waits = waits;
        this.pace = pace;
    }

    /** To be called before each round: from here on no edge and no request is missed. */
    void begin() throws IOException {
        waits.begin();
        from.prepare();
    }

    /**
     * Waits until something may move, or has been asked for, or {@code until}. Each destination has been prepared and
     * tried since {@link #begin}, and is live.
     *
     * @param forSource whether the source is waited for, or is held back
     */
    void await(boolean forSource, List<Outlet> outlets, long until) throws IOException {
        if (forSource) {
            waits.add(from);
        } else {
            waits.addForClose(from);
        }
        boolean looking = false;
        for (int i = 0; i < outlets.size(); i++) {
            Outlet outlet = outlets.get(i);
            looking |= !outlet.isReachable();
            if (!add(outlet)) {
                return; // it leaves first
            }
        }
        waits.await(looking ? Deadline.earlier(until, pace.next()) : until);
    }

    /** Answers whether it can be waited for; else that has ended it. */
    private boolean add(Outlet outlet) {
        try {
            if (!outlet.isReachable()) {
                return true; // it is looked for
            } else if (!outlet.isPollable()) {
                waits.addForClose(outlet.side());
            } else if (outlet.feed().isBusy()) {
                waits.add(outlet.side());
            } else {
                waits.addForHangup(outlet.side());
            }
            return true;
        } catch (IOException failed) {
            outlet.finish(Outlet.End.FAILED, failed);
            return false;
        }
    }
}
