// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An epoll instance, and the two who poll it: a virtual thread where events come thick and fast, else the
 * {@link Master}.
 *
 * <pre>
 *   state     what happens                                    what it does
 *   polling   events came                                     wakes, yields; polling
 *             none comes soon                                 parked
 *             {@value PollLoop#TURN_MILLIS} ms have passed                             parked, to go on
 *   parked    an event came                                   the master polls, and wakes; parked
 *             the same {@value #QUICK} times within {@value #QUICK_MICROS} us each         polling
 *             the same, and it is to go on                    polling
 * </pre>
 *
 * <p>How the virtual thread polls, and what it does when there is nothing to do, says {@link PollLoop}. The master is
 * dearer for each event, and costs nothing between them: a copy of large chunks, or a quiet descriptor, is better off
 * with it.
 *
 * <p>Where every carrier is busy for twice {@value Master#RESCUE_MILLIS} ms, so that a polling thread does not get to
 * run, the master polls for it. Nothing here is needed by a platform thread that waits: see {@link PlatformWait}.
 */
public final class Poller {
    /** So many wake-ups in a row that come this fast make it poll. */
    private static final int QUICK = 3;

    private static final long QUICK_MICROS = 300;

    /** What sides wait for. */
    static final int READINESS = Constants.EPOLLIN | Constants.EPOLLOUT;

    /** What is always asked for; hang-ups are reported unasked. */
    private static final int ALWAYS = Constants.EPOLLRDHUP | Constants.EPOLLET;

    /** One poller for so many carriers: fewer keep those who talk to each other on one carrier. */
    private static final int CARRIERS_EACH = 4;

    /** None until the first wait. Not made by the class's initialiser: one that fails can never be tried again. */
    private static volatile Poller[] pollers = {};

    private final Slots slots = new Slots();
    private final CallState state = CallState.acquire();
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

    /** Whether it is the master's to poll. Set by the poller before it or its turn thread asks; the master clears. */
    private volatile boolean parked = true;

    /** Whether the parked poller has only let others run. Set by it before that. */
    private volatile boolean goesOn;

    /** Whether the master is still to be asked for that one. Cleared by the turn thread. */
    private volatile boolean turnPending;

    /** How often the virtual thread has polled: how the master sees that it runs. */
    private volatile int rounds;

    // The master's own.
    private int roundsSeen;
    private int quickWakes;
    private long lastWake;

    private Poller(Master master, int index, int epoll) {
        this.master = master;
        this.epoll = epoll;
        // What the first user's thread inherits is none of ours, and would be kept for ever.
        this.loop = new PollLoop(this, state);
        this.thread = thread("sluice-poller-" + index, this::run);
        this.turnThread = thread("sluice-turn-" + index, this::watchForTurn);
    }

    private static Thread thread(String name, Runnable runnable) {
        return Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .unstarted(runnable);
    }

    /**
     * Makes sure that the pollers are there.
     *
     * @throws java.nio.file.FileSystemException EMFILE and the like; to be tried again at the next wait
     */
    static void start() throws IOException {
        if (pollers.length == 0) {
            startOnce();
        }
    }

    private static synchronized void startOnce() throws IOException {
        if (pollers.length != 0) {
            return;
        }
        int carriers = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        int[] epolls = createEpolls(1 + Math.max(1, carriers / CARRIERS_EACH));
        Master master = new Master(epolls[0]);
        Poller[] made = new Poller[epolls.length - 1];
        for (int i = 0; i < made.length; i++) {
            made[i] = new Poller(master, i, epolls[i + 1]);
        }
        master.start(made);
        for (Poller poller : made) {
            poller.thread.start();
            poller.turnThread.start();
        }
        pollers = made;
    }

    private static int[] createEpolls(int count) throws IOException {
        int[] epolls = new int[count];
        CallState state = CallState.acquire();
        try {
            for (int i = 0; i < count; i++) {
                epolls[i] = PollCalls.createEpoll(state);
                if (epolls[i] < 0) {
                    for (int made = 0; made < i; made++) {
                        FileCalls.close(state, epolls[made]);
                    }
                    throw Failures.of("epoll_create1", "for a wait", -epolls[i]);
                }
            }
            return epolls;
        } finally {
            state.release();
        }
    }

    /**
     * The poller for a descriptor, once they are started: the same one for neighbours, which often talk to each other.
     */
    static Poller of(int fd) {
        Poller[] all = pollers;
        return all[(fd >>> 6) % all.length];
    }

    Slots slots() {
        return slots;
    }

    /**
     * Registers a descriptor for good, edge-triggered; what is ready already is an edge.
     *
     * @return 0, or the negative errno: EPERM for what cannot be polled
     */
    int register(CallState callState, int fd, long data) {
        return control(callState, Constants.EPOLL_CTL_ADD, fd, data, READINESS);
    }

    /** Changes which readiness is reported; what is ready already is an edge again. */
    void modify(CallState callState, int fd, long data, int readiness) {
        control(callState, Constants.EPOLL_CTL_MOD, fd, data, readiness);
    }

    private int control(CallState callState, int operation, int fd, long data, int readiness) {
        // Of urgent data only where arrivals are of interest: each counts as both (sock_def_readable in the kernel).
        int urgent = (readiness & Constants.EPOLLIN) != 0 ? Constants.EPOLLPRI : 0;
        return PollCalls.control(callState, epoll, operation, fd, readiness | urgent | ALWAYS, data);
    }

    void deregister(CallState callState, int fd) {
        PollCalls.control(callState, epoll, Constants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    int epoll() {
        return epoll;
    }

    private void run() {
        for (;;) {
            while (parked) {
                LockSupport.park();
            }
            goesOn = loop.run(goesOn);
            turnPending = goesOn;
            parked = true;
            if (goesOn) {
                LockSupport.unpark(turnThread);
            } else {
                master.watch(state, this);
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
            if (turnPending) {
                turnPending = false;
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
    int dispatch(CallState callState, EpollEvents room, long nanos) {
        int count = nanos == 0
                ? PollCalls.wait(callState, epoll, room, 0)
                : PollCalls.waitNanos(callState, epoll, room, nanos);
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
    void wake(CallState callState, EpollEvents room) {
        long now = System.nanoTime();
        quickWakes = now - lastWake < TimeUnit.MICROSECONDS.toNanos(QUICK_MICROS) ? quickWakes + 1 : 0;
        lastWake = now;
        if (quickWakes < QUICK && !goesOn) {
            dispatch(callState, room, 0);
            master.watch(callState, this);
        } else {
            quickWakes = 0;
            roundsSeen = rounds - 1; // it has yet to begin, and needs no rescue
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    boolean isPolling() {
        return !parked || turnPending;
    }

    /** Polls for the virtual thread if that has not run since it was last looked at, nor been woken. */
    void rescue(CallState callState, EpollEvents room) {
        int now = rounds;
        if (now == roundsSeen) {
            rescues.increment();
            dispatch(callState, room, 0);
        }
        roundsSeen = now;
    }

    /** How often the master polled for a virtual thread that did not get to run, for tests. */
    public static long rescues() {
        return sum(poller -> poller.rescues);
    }

    /** How often a look over and over has found an event, and spared the wait for it, for tests. */
    public static long foundBusily() {
        return sum(poller -> poller.foundBusily);
    }

    /** How often a poller has let others run, for tests. */
    public static long turns() {
        return sum(poller -> poller.turns);
    }

    private static long sum(Function<Poller, LongAdder> counter) {
        return Arrays.stream(pollers)
                .mapToLong(poller -> counter.apply(poller).sum())
                .sum();
    }

    /** How many descriptors are registered with all pollers, for tests. */
    public static int registered() {
        int sum = 0;
        for (Poller poller : pollers) {
            sum += poller.slots.inUse();
        }
        return sum;
    }
}
