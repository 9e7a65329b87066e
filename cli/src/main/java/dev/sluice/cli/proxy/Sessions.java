// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The sessions that there are, and what they and all before them have moved. */
final class Sessions {
    private final int most;
    private final Set<Session> open = new HashSet<>();
    private long ever;
    private long forthBefore;
    private long backBefore;

    /** @param most how many there may be at once */
    Sessions(int most) {
        this.most = most;
    }

    /**
     * How it stands.
     *
     * @param now sessions under way
     * @param ever all that there have been, those included
     * @param forth bytes delivered to the target
     * @param back bytes delivered to clients
     */
    record Count(int now, long ever, long forth, long back) {}

    /** Waits until one more may begin. */
    synchronized void awaitRoom() throws InterruptedException {
        while (open.size() >= most) {
            wait();
        }
    }

    /** Starts one, when there is room: of several that waited for it, another may have taken it. */
    synchronized void start(Session session) throws InterruptedException {
        awaitRoom();
        open.add(session);
        ever++;
        session.start();
    }

    synchronized void ended(Session session) {
        if (open.remove(session)) {
            forthBefore += session.forth();
            backBefore += session.back();
            if (open.isEmpty() || open.size() == most - 1) {
                notifyAll();
            }
        }
    }

    /** Waits until there is none, or for so long; tells whether there is none. */
    synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
        long start = System.nanoTime();
        long remaining = atMost.toNanos();
        while (!open.isEmpty() && remaining > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, remaining);
            remaining = atMost.toNanos() - (System.nanoTime() - start);
        }
        return open.isEmpty();
    }

    /** Ends all of them; tells how many there were. */
    synchronized int cut() {
        open.forEach(Session::cut);
        return open.size();
    }

    synchronized Count count() {
        long forth = forthBefore;
        long back = backBefore;
        for (Session session : open) {
            forth += session.forth();
            back += session.back();
        }
        return new Count(open.size(), ever, forth, back);
    }
}
