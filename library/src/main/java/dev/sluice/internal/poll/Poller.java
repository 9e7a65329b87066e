// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An epoll instance, and the two who poll it: a virtual thread where events come thick and fast, else the
 * {@link Master}.
 *
 * <pre>
 *   state     events came                        none came      none, {@value #PATIENCE} times in a row
 *   polling   wake, yield; polling               yield; polling parked, watched by the master
 *   parked    the master wakes; parked           -              -
 *             the master, {@value #QUICK} times within {@value #QUICK_MICROS} us each: polling
 * </pre>
 *
 * <p>The virtual thread polls without blocking, and yields to those whom it woke, so that they run next on the same
 * carrier with no switch between operating-system threads: that is what makes a round trip between two virtual threads
 * cheap. The master is dearer for each event, and costs nothing between them: a copy of large chunks, or a quiet
 * descriptor, is better off with it.
 *
 * <p>Where every carrier is busy for {@value Master#RESCUE_MILLIS} ms, so that a polling thread does not get to run,
 * the master polls for it. Nothing here is needed by a platform thread that waits: see {@link PlatformWait}.
 */
public final class Poller {
    /** Empty rounds before it parks. A round with nothing else to run takes less than a microsecond. */
    private static final int PATIENCE = 32;

    /** So many wake-ups in a row that come this fast make it poll. */
    private static final int QUICK = 3;

    private static final long QUICK_MICROS = 100;

    /** One poller for so many carriers: fewer keep those who talk to each other on one carrier. */
    private static final int CARRIERS_EACH = 4;

    private static final Poller[] POLLERS = create();

    private final Slots slots = new Slots();
    private final EpollEvents events = new EpollEvents();
    private final CallState state = CallState.acquire();
    private final LongAdder rescues = new LongAdder();
    private final int epoll;
    private final Thread thread;

    /** Whether it is the master's to poll. Set by the poller before it asks the master, cleared by the master. */
    private volatile boolean parked = true;

    /** How often the virtual thread has polled: how the master sees that it runs. */
    private volatile int rounds;

    // The master's own.
    private int roundsSeen;
    private int quickWakes;
    private long lastWake;

    private Poller(int index) {
        this.epoll = PollCalls.createEpoll(state);
        if (epoll < 0) {
            throw new IllegalStateException(Failures.of("epoll_create1", "for a poller", -epoll));
        }
        this.thread = Thread.ofVirtual().name("sluice-poller-" + index).unstarted(this::run);
    }

    private static Poller[] create() {
        int carriers = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        Poller[] pollers = new Poller[Math.max(1, carriers / CARRIERS_EACH)];
        for (int i = 0; i < pollers.length; i++) {
            pollers[i] = new Poller(i);
            pollers[i].thread.start();
            Master.watch(pollers[i].state, pollers[i]);
        }
        return pollers;
    }

    /** The poller for a descriptor: the same one for neighbours, which often talk to each other. */
    static Poller of(int fd) {
        return POLLERS[(fd >>> 6) % POLLERS.length];
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
        int bits = Constants.EPOLLIN | Constants.EPOLLOUT | Constants.EPOLLRDHUP | Constants.EPOLLET;
        return PollCalls.control(callState, epoll, Constants.EPOLL_CTL_ADD, fd, bits, data);
    }

    void deregister(CallState callState, int fd) {
        PollCalls.control(callState, epoll, Constants.EPOLL_CTL_DEL, fd, 0, 0);
    }

    int epoll() {
        return epoll;
    }

    // One writer of the rounds; and to yield to those just woken is the point.
    @SuppressWarnings({"NonAtomicVolatileUpdate", "ThreadPriorityCheck"})
    private void run() {
        int empty = 0;
        for (;;) {
            while (parked) {
                LockSupport.park();
            }
            rounds++;
            empty = dispatch(state, events) > 0 ? 0 : empty + 1;
            if (empty < PATIENCE) {
                Thread.yield();
            } else {
                empty = 0;
                parked = true;
                Master.watch(state, this);
            }
        }
    }

    private int dispatch(CallState callState, EpollEvents room) {
        int count = PollCalls.wait(callState, epoll, room, 0);
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
        if (quickWakes < QUICK) {
            dispatch(callState, room);
            Master.watch(callState, this);
        } else {
            quickWakes = 0;
            roundsSeen = rounds;
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    boolean isPolling() {
        return !parked;
    }

    /** Polls for the virtual thread if that has not run since it was last looked at. */
    void rescue(CallState callState, EpollEvents room) {
        int now = rounds;
        if (now == roundsSeen) {
            rescues.increment();
            dispatch(callState, room);
        }
        roundsSeen = now;
    }

    /** How often the master polled for a virtual thread that did not get to run, for tests. */
    public static long rescues() {
        return Arrays.stream(POLLERS).mapToLong(poller -> poller.rescues.sum()).sum();
    }

    /** How many descriptors are registered with all pollers, for tests. */
    public static int registered() {
        int sum = 0;
        for (Poller poller : POLLERS) {
            sum += poller.slots.inUse();
        }
        return sum;
    }
}
