// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.PollCalls;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An epoll instance, and the two who poll it: a virtual thread where events come thick and fast, else the
 * {@link Master}.
 *
 * <pre>
 *   state     what happens           who sees to it        what he does
 *   POLLING   events came            the polling thread    wakes, yields; POLLING
 *             none comes soon        the polling thread    PARKED; has the master watch
 *             {@value PollLoop#TURN_MILLIS} ms have passed    the polling thread    LEAVING; wakes the turn thread
 *   LEAVING   it has parked          the turn thread       AWAY; has the master watch
 *   AWAY      an event came          the master            POLLING; wakes the polling thread
 *   PARKED    an event came          the master            polls, wakes; PARKED; watches on
 *             events come quickly    the master            POLLING; wakes the polling thread
 * </pre>
 *
 * <p>How the virtual thread polls, and what it does when there is nothing to do, says {@link PollLoop}. The master is
 * dearer for each event, and costs nothing between them: where little comes all are better off with it.
 *
 * <p>Where every carrier is busy for twice {@value Master#RESCUE_MILLIS} ms, so that a polling thread does not get to
 * run, the master polls for it. Nothing here is needed by a platform thread that waits: see {@link PlatformWait}.
 */
final class Poller {
    /** Each is left by the one whom the table names, and by nobody else. */
    private enum State {
        POLLING,
        LEAVING,
        AWAY,
        PARKED
    }

    /** So many events in a row that come this fast make it poll. */
    private static final int QUICK = 3;

    private static final long QUICK_MICROS = 300;

    /** What sides wait for. */
    static final int READINESS = Constants.EPOLLIN | Constants.EPOLLOUT;

    /** What is always asked for; hang-ups are reported unasked. */
    private static final int ALWAYS = Constants.EPOLLRDHUP | Constants.EPOLLET;

    private final Slots slots = new Slots();
    private final CallState callState = CallState.acquire();
    private final LongAdder rescues = new LongAdder();
    private final LongAdder foundBusily = new LongAdder();
    private final LongAdder turns = new LongAdder();
    private final Master master;
    private final int epoll;
    private final Thread thread;
    private final PollLoop loop;

    /** Asks the master for the thread that lets others run: see {@link #watchForTurn}. */
    private final Thread turnThread;

    private final CallState turnState = CallState.acquire();

    private volatile State state = State.PARKED;

    /** How often the virtual thread has polled: how the master sees that it runs. */
    private volatile int rounds;

    // The master's own.
    private int roundsSeen;
    private int quickWakes;
    private long lastWake;

    Poller(Master master, int index, int epoll) {
        this.master = master;
        this.epoll = epoll;
        this.loop = new PollLoop(this, callState);
        this.thread = thread("sluice-poller-" + index, this::run);
        this.turnThread = thread("sluice-turn-" + index, this::watchForTurn);
    }

    private static Thread thread(String name, Runnable runnable) {
        // What the first user's thread inherits is none of ours, and would be kept for ever.
        return Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .unstarted(runnable);
    }

    /** Parked, and watched by the master already. */
    void start() {
        thread.start();
        turnThread.start();
    }

    Slots slots() {
        return slots;
    }

    /**
     * Registers a descriptor for good, edge-triggered; what is ready already is an edge.
     *
     * @return 0, or the negative errno: EPERM for what cannot be polled
     */
    int register(CallState caller, int fd, long data) {
        return control(caller, Constants.EPOLL_CTL_ADD, fd, data, READINESS);
    }

    /** Changes which readiness is reported; what is ready already is an edge again. */
    void modify(CallState caller, int fd, long data, int readiness) {
        control(caller, Constants.EPOLL_CTL_MOD, fd, data, readiness);
    }

    private int control(CallState caller, int operation, int fd, long data, int readiness) {
        // Of urgent data only where arrivals are of interest: each counts as both (sock_def_readable in the kernel).
        int urgent = (readiness & Constants.EPOLLIN) != 0 ? Constants.EPOLLPRI : 0;
        return PollCalls.control(caller, epoll, operation, fd, readiness | urgent | ALWAYS, data);
    }

    void deregister(CallState caller, int fd) {
        PollCalls.control(caller, epoll, Constants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    int epoll() {
        return epoll;
    }

    private void run() {
        boolean goesOn = false;
        for (;;) {
            while (state != State.POLLING) {
                LockSupport.park();
            }
            goesOn = loop.run(goesOn);
            if (goesOn) {
                state = State.LEAVING;
                LockSupport.unpark(turnThread);
            } else {
                state = State.PARKED;
                master.watch(callState, this);
            }
        }
    }

    /**
     * Runs once the polling thread has parked: behind it, where there is one carrier. Else the master, which takes the
     * carrier's processor where there is no other, would have woken it before: it would go on at once, and nobody get
     * his turn. Until then nobody watches, and the master sees to it as to one that polls.
     */
    private void watchForTurn() {
        for (;;) {
            LockSupport.park();
            if (state == State.LEAVING) {
                state = State.AWAY;
                turns.increment();
                master.watch(turnState, this);
            }
        }
    }

    /** By the virtual thread, at each round: so the master sees that it runs. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // there is one writer
    void countRound() {
        rounds++;
    }

    void countFoundBusily() {
        foundBusily.increment();
    }

    /** Wakes those whom events concern, and waits for some at most so long: answers how many events there were. */
    int dispatch(CallState caller, EpollEvents room, long nanos) {
        int count = nanos == 0
                ? PollCalls.wait(caller, epoll, room, 0)
                : PollCalls.waitNanos(caller, epoll, room, nanos);
        for (int i = 0; i < count; i++) {
            @Nullable OpenDescriptor owner = slots.owner(room.data(i));
            if (owner != null) {
                owner.ready(room.bits(i));
            }
        }
        return count;
    }

    // ---- called by the master alone

    /** Polls for the parked virtual thread, or wakes it where that is worth it. */
    void wake(CallState caller, EpollEvents room) {
        long now = System.nanoTime();
        quickWakes = now - lastWake < TimeUnit.MICROSECONDS.toNanos(QUICK_MICROS) ? quickWakes + 1 : 0;
        lastWake = now;
        if (quickWakes < QUICK && state == State.PARKED) {
            dispatch(caller, room, 0);
            master.watch(caller, this);
        } else {
            quickWakes = 0;
            roundsSeen = rounds - 1; // it has yet to begin, and needs no rescue
            state = State.POLLING;
            LockSupport.unpark(thread);
        }
    }

    boolean isPolling() {
        State now = state;
        return now == State.POLLING || now == State.LEAVING;
    }

    /** Polls for the virtual thread if that has not run since it was last looked at, nor been woken. */
    void rescue(CallState caller, EpollEvents room) {
        int now = rounds;
        if (now == roundsSeen) {
            rescues.increment();
            dispatch(caller, room, 0);
        }
        roundsSeen = now;
    }

    // ---- for tests

    long rescues() {
        return rescues.sum();
    }

    long foundBusily() {
        return foundBusily.sum();
    }

    long turns() {
        return turns.sum();
    }
}
