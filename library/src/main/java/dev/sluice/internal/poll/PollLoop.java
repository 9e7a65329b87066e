// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.EpollEvents;
import java.util.concurrent.TimeUnit;

/**
 * How the virtual thread of a {@link Poller} polls, from when it is woken until it parks.
 *
 * <pre>
 *   events came                                              wakes, yields; on
 *   none came                                                yields; on
 *   none {@value #PATIENCE} times in a row, and others run                   parks
 *   none, and nobody else runs                               looks and waits for one that comes soon: on; else parks
 *   {@value #TURN_MILLIS} ms have passed                                      parks, to go on
 * </pre>
 *
 * <p>It yields to those whom it woke, so that they run next on the same carrier with no switch between operating-system
 * threads: that is what makes a round trip between two virtual threads cheap.
 *
 * <p>When there is nothing to do it looks again for a while where that pays ({@link BusyPolling}), and then waits in
 * the kernel, carrier and all. An event that comes then is there without the switch from the master to a carrier, as in
 * Go, whose idle threads poll the network. One that takes longer than {@value #LATE_MICROS} us is late: the master
 * waits for the next. The wait itself may be longer, since a timer behind the clock's next tick costs nothing, and one
 * before it sets the clock anew: as much as a message does, on a virtual machine. But who becomes runnable meanwhile
 * may have to wait it out; so a wait in vain takes no more than one part in {@value #SHARE} of the time that was spent
 * polling, or those {@value #LATE_MICROS} us, and no more than {@value #LONGEST_MILLIS} ms.
 *
 * <p>A yield lets those run who are queued where the poller is. A carrier looks into the other queues (of who was woken
 * by a platform thread, a timer say) when that one is empty, which it never is while somebody only yields: so from time
 * to time the poller parks, although there is more to come.
 */
final class PollLoop {
    /** Longer than a message takes to be answered by somebody near. */
    private static final long LATE_MICROS = 500;

    private static final long LATE_NANOS = TimeUnit.MICROSECONDS.toNanos(LATE_MICROS);
    private static final int SHARE = 10;
    private static final long LONGEST_MILLIS = 10;
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);

    /** How deep a chain of wake-ups may be that none waits behind the poller. */
    private static final int YIELDS = 4;

    /** A yield that takes longer has let somebody run: one to nobody takes 250 ns, before it is compiled 6 us. */
    private static final long LONG_NANOS = 5_000;

    /** Rounds without an event, while others run. */
    private static final int PATIENCE = 8;

    /** How long others may have to wait for the carrier. To park and be woken takes some 30 us. */
    static final long TURN_MILLIS = 5;

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS);

    private final Poller poller;
    private final CallState state;
    private final EpollEvents events = new EpollEvents();
    private final BusyPolling busyPolling =
            new BusyPolling(Runtime.getRuntime().availableProcessors(), System.nanoTime());

    /** When it was woken without having been polling before. */
    private long since;

    PollLoop(Poller poller, CallState state) {
        this.poller = poller;
        this.state = state;
    }

    /**
     * Polls until no event comes soon, or it is the others' turn: answers whether it is to go on after that.
     *
     * @param goesOn what it answered last
     */
    boolean run(boolean goesOn) {
        long began = System.nanoTime();
        if (!goesOn) {
            since = began;
        }
        int empty = 0;
        boolean alone = false;
        while (System.nanoTime() - began < TURN_NANOS) {
            poller.countRound();
            if (empty > 0 && alone) {
                if (!comesSoon()) {
                    return false;
                }
                empty = 0;
            } else if (look()) {
                empty = 0;
            } else if (++empty > PATIENCE) {
                return false;
            }
            alone = letRun();
        }
        return true;
    }

    /** Wakes those whom events concern: answers whether there were any. */
    private boolean look() {
        return poller.dispatch(state, events, 0) > 0;
    }

    /**
     * Lets those run who can, and whom they wake in turn, since a wait would hold them up; but no longer than until
     * somebody has taken his time, and events are to be looked for again.
     *
     * @return whether nobody has
     */
    @SuppressWarnings("ThreadPriorityCheck") // to yield to those just woken is the point
    private static boolean letRun() {
        for (int i = 0; i < YIELDS; i++) {
            long before = System.nanoTime();
            Thread.yield();
            if (System.nanoTime() - before > LONG_NANOS) {
                return false;
            }
        }
        return true;
    }

    /** Looks and waits for an event: answers whether one came that was not late. */
    private boolean comesSoon() {
        long began = System.nanoTime();
        return (busyPolling.pays(began) && isFoundBusily(began)) || isWaitedFor();
    }

    private boolean isFoundBusily(long began) {
        boolean found;
        long taken;
        do {
            found = look();
            taken = System.nanoTime() - began;
        } while (!found && taken < BusyPolling.LONGEST_NANOS);
        busyPolling.ended(found, taken);
        if (found) {
            poller.countFoundBusily();
        }
        return found;
    }

    private boolean isWaitedFor() {
        long began = System.nanoTime();
        long atMost = Math.clamp((began - since) / SHARE, LATE_NANOS, LONGEST_NANOS);
        return poller.dispatch(state, events, atMost) > 0 && System.nanoTime() - began < LATE_NANOS;
    }
}
