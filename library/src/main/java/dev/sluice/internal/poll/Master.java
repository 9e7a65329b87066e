// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import java.util.concurrent.TimeUnit;

/**
 * The one platform thread that blocks in epoll_wait(2), for all pollers.
 *
 * <p>Each parked poller's epoll instance is watched once (EPOLLONESHOT, level-triggered): arming it when events are
 * pending fires at once, so none falls between the poller's last look and its parking. While a poller polls by itself,
 * or has parked to let others run who have not run yet, it is not watched, but looked at every {@value #RESCUE_MILLIS}
 * ms; with all of them parked, and no {@link LateWaits} to end, the master sleeps without end.
 *
 * <p>But not while the JVM exits: that waits 300 ms for a thread to come back from the kernel (VM_Exit in the JDK's
 * vmOperations.cpp). The master cannot end either, since shutdown hooks may still wait by it; so it comes back often.
 */
final class Master {
    static final int RESCUE_MILLIS = 10;

    private final CallState state = CallState.acquire();
    private final EpollEvents events = new EpollEvents();
    private final EpollEvents room = new EpollEvents();
    private final LateWaits lateWaits = new LateWaits();
    private final int epoll;
    private Poller[] pollers = {};
    private volatile boolean exiting;

    /** @param epoll the master's own epoll instance */
    Master(int epoll) {
        this.epoll = epoll;
    }

    /** Begins to watch the pollers, all of them parked. */
    void start(Poller[] all) {
        this.pollers = all;
        for (Poller poller : all) {
            control(state, Constants.EPOLL_CTL_ADD, poller);
        }
        try {
            Runtime.getRuntime().addShutdownHook(thread("sluice-exit").unstarted(this::beginExit));
        } catch (IllegalStateException already) {
            exiting = true;
        }
        thread("sluice-master").daemon(true).start(this::run);
    }

    private static Thread.Builder.OfPlatform thread(String name) {
        return Thread.ofPlatform().name(name).inheritInheritableThreadLocals(false);
    }

    /** Ends a wait that has no end, by an eventfd: one can always be written. Where there is none, the exit is slow. */
    private void beginExit() {
        exiting = true;
        CallState own = CallState.acquire();
        int ready = PollCalls.createEventDescriptor(own);
        if (ready >= 0) {
            int bits = Constants.EPOLLOUT | Constants.EPOLLONESHOT;
            PollCalls.control(own, epoll, Constants.EPOLL_CTL_ADD, ready, bits, ready);
        }
        own.release();
    }

    /** Polls or wakes the parked poller as soon as its epoll instance has an event. */
    void watch(CallState callState, Poller poller) {
        control(callState, Constants.EPOLL_CTL_MOD, poller);
    }

    private void control(CallState callState, int operation, Poller poller) {
        int bits = Constants.EPOLLIN | Constants.EPOLLONESHOT;
        int result = PollCalls.control(callState, epoll, operation, poller.epoll(), bits, poller.epoll());
        if (result < 0) {
            throw new IllegalStateException(Failures.of("epoll_ctl", "a poller", -result));
        }
    }

    // Allocates nothing: where memory is short, it must live on.
    private void run() {
        long lastRescue = System.nanoTime();
        long lastLook = lastRescue;
        for (;;) {
            int count = PollCalls.wait(state, epoll, events, timeout());
            for (int i = 0; i < count; i++) {
                wake(events.data(i));
            }
            long now = System.nanoTime();
            if (now - lastLook >= TimeUnit.MILLISECONDS.toNanos(LateWaits.LOOK_MILLIS)) {
                lastLook = now;
                lateWaits.look();
            }
            if (now - lastRescue >= TimeUnit.MILLISECONDS.toNanos(RESCUE_MILLIS)) {
                lastRescue = now;
                for (Poller poller : pollers) {
                    if (poller.isPolling()) {
                        poller.rescue(state, room);
                    }
                }
            }
        }
    }

    /** How long to wait, in milliseconds. Who polls is asked first, and who may be late after it: see below. */
    private int timeout() {
        boolean rescues = isAnyPolling() || exiting;
        return lateWaits.count() > 0 ? LateWaits.LOOK_MILLIS : rescues ? RESCUE_MILLIS : -1;
    }

    /**
     * Ends from now on what takes long, if that is sure: not if the master may sleep without end, which it does not
     * while a poller polls.
     *
     * <p>Mostly the first question is enough. Who wants it is entered then, and asks again who polls; the master asks
     * who polls first, and then who is entered. So at least one of the two sees the other.
     */
    boolean endLateWaits(LateWaits.Watch watch) {
        if (!isAnyPolling()) {
            return false;
        }
        lateWaits.add(watch);
        boolean sure = isAnyPolling();
        if (!sure) {
            lateWaits.remove(watch);
        }
        return sure;
    }

    LateWaits lateWaits() {
        return lateWaits;
    }

    private boolean isAnyPolling() {
        for (Poller poller : pollers) {
            if (poller.isPolling()) {
                return true;
            }
        }
        return false;
    }

    private void wake(long epollOfPoller) {
        for (Poller poller : pollers) {
            if (poller.epoll() == epollOfPoller) {
                poller.wake(state, room);
            }
        }
    }
}
