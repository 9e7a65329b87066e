// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.EpollEvents;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.PollCalls;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one platform thread that blocks in epoll_wait(2), for all pollers that have nothing to do.
 *
 * <p>Each parked poller's epoll instance is watched once (EPOLLONESHOT, level-triggered): arming it when events are pending
 * fires at once, so none falls between the poller's last look and its parking.
 */
final class Master {
    private static final Master INSTANCE = new Master();

    private final CallState state = CallState.acquire();
    private final EpollEvents events = new EpollEvents();
    private final ConcurrentHashMap<Long, Poller> pollers = new ConcurrentHashMap<>();
    private final int epoll;

    private Master() {
        this.epoll = PollCalls.createEpoll(state);
        if (epoll < 0) {
            throw new IllegalStateException(Failures.of("epoll_create1", "for the master poller", -epoll));
        }
        Thread.ofPlatform().name("sluice-master").daemon(true).start(this::run);
    }

    /** Resumes the poller as soon as its epoll instance has an event. */
    static void watch(CallState callState, int pollerEpoll, Poller poller) {
        INSTANCE.arm(callState, pollerEpoll, poller);
    }

    private void arm(CallState callState, int pollerEpoll, Poller poller) {
        boolean first = pollers.put((long) pollerEpoll, poller) == null;
        int operation = first ? Constants.EPOLL_CTL_ADD : Constants.EPOLL_CTL_MOD;
        int bits = Constants.EPOLLIN | Constants.EPOLLONESHOT;
        int result = PollCalls.control(callState, epoll, operation, pollerEpoll, bits, pollerEpoll);
        if (result < 0) {
            throw new IllegalStateException(Failures.of("epoll_ctl", "a poller", -result));
        }
    }

    private void run() {
        for (;;) {
            int count = PollCalls.wait(state, epoll, events, -1);
            for (int i = 0; i < count; i++) {
                @Nullable Poller poller = pollers.get(events.data(i));
                if (poller != null) {
                    poller.resume();
                }
            }
        }
    }
}
