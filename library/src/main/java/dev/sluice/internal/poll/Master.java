// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one platform thread that blocks in epoll_wait(2), for all pollers.
 *
 * <p>Each parked poller's epoll instance is watched once (EPOLLONESHOT, level-triggered): arming it when events are
 * pending fires at once, so none falls between the poller's last look and its parking. While a poller polls by itself
 * it is not watched, but looked at every {@value #RESCUE_MILLIS} ms; with all of them parked the master sleeps without
 * end.
 */
final class Master {
    static final int RESCUE_MILLIS = 10;

    private static final Master INSTANCE = new Master();

    private final CallState state = CallState.acquire();
    private final EpollEvents events = new EpollEvents();
    private final EpollEvents room = new EpollEvents();
    private final ConcurrentHashMap<Long, Poller> pollers = new ConcurrentHashMap<>();
    private final int epoll;

    private Master() {
        this.epoll = PollCalls.createEpoll(state);
        if (epoll < 0) {
            throw new IllegalStateException(Failures.of("epoll_create1", "for the master poller", -epoll));
        }
        Thread.ofPlatform().name("sluice-master").daemon(true).start(this::run);
    }

    /** Polls or wakes the parked poller as soon as its epoll instance has an event. */
    static void watch(CallState callState, Poller poller) {
        INSTANCE.arm(callState, poller);
    }

    private void arm(CallState callState, Poller poller) {
        boolean first = pollers.putIfAbsent((long) poller.epoll(), poller) == null;
        int operation = first ? Constants.EPOLL_CTL_ADD : Constants.EPOLL_CTL_MOD;
        int bits = Constants.EPOLLIN | Constants.EPOLLONESHOT;
        int result = PollCalls.control(callState, epoll, operation, poller.epoll(), bits, poller.epoll());
        if (result < 0) {
            throw new IllegalStateException(Failures.of("epoll_ctl", "a poller", -result));
        }
    }

    private void run() {
        long lastLook = System.nanoTime();
        for (;;) {
            boolean polling = pollers.values().stream().anyMatch(Poller::isPolling);
            int count = PollCalls.wait(state, epoll, events, polling ? RESCUE_MILLIS : -1);
            for (int i = 0; i < count; i++) {
                @Nullable Poller poller = pollers.get(events.data(i));
                if (poller != null) {
                    poller.wake(state, room);
                }
            }
            if (System.nanoTime() - lastLook >= TimeUnit.MILLISECONDS.toNanos(RESCUE_MILLIS)) {
                lastLook = System.nanoTime();
                for (Poller poller : pollers.values()) {
                    if (poller.isPolling()) {
                        poller.rescue(state, room);
                    }
                }
            }
        }
    }
}
