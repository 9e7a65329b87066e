// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that wakes virtual threads: it polls an epoll instance without blocking.
 *
 * <pre>
 *   state     events came              none came                    none, {@value #PATIENCE} times in a row
 *   polling   wake, yield; polling     yield; polling               ask the master; parked
 *   parked    -                        -                            - (the master makes it polling again)
 * </pre>
 *
 * <p>It yields to those whom it woke, so they run next on the same carrier, with no switch between operating-system threads:
 * that is what makes a round trip between two virtual threads cheap. Only when nothing has come for a while does it park,
 * and then the one {@link Master} blocks for it in the kernel.
 *
 * <p>Nothing here is needed by a platform thread: see {@link PlatformWait}.
 */
final class Poller {
    /** Empty rounds before it parks. A round with nothing else to run takes less than a microsecond. */
    private static final int PATIENCE = 32;

    /** One poller for so many carriers: fewer keep those who talk to each other on one carrier. */
    private static final int CARRIERS_EACH = 4;

    private static final Poller[] POLLERS = create();

    private final Slots slots = new Slots();
    private final EpollEvents events = new EpollEvents();
    private final CallState state = CallState.acquire();
    private final int epoll;
    private final Thread thread;

    /** Whether it waits for the master. Written by the poller before it asks, and by the master before it wakes it. */
    private volatile boolean parked;

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

    private void run() {
        int empty = 0;
        for (;;) {
            if (dispatch() > 0) {
                empty = 0;
                Thread.yield();
            } else if (++empty < PATIENCE) {
                Thread.yield();
            } else {
                empty = 0;
                park();
            }
        }
    }

    private int dispatch() {
        int count = PollCalls.wait(state, epoll, events, 0);
        for (int i = 0; i < count; i++) {
            @Nullable OpenDescriptor owner = slots.owner(events.data(i));
            if (owner != null) {
                owner.ready(events.bits(i));
            }
        }
        return count;
    }

    private void park() {
        parked = true;
        Master.watch(state, epoll, this);
        while (parked) {
            LockSupport.park();
        }
    }

    /** Called by the master: there are events again. */
    void resume() {
        parked = false;
        LockSupport.unpark(thread);
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
