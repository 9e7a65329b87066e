// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import org.jspecify.annotations.Nullable;

/**
 * What epoll knows of a descriptor: one edge-triggered registration, made at the first wait of a virtual thread. Two
 * things change it: a number that is made to refer to another description ({@link #replace}), and a copy in which much
 * flows, for which readiness is reported only while somebody waits for it ({@link #ignoreUnawaited}, {@link #heed}).
 *
 * <pre>
 *   event data     register                                        cancel
 *   UNREGISTERED   a slot's data; and if the kernel refuses that,  UNREGISTERED
 *                  REFUSED (EPERM), else UNREGISTERED again
 *   REFUSED        REFUSED                                         REFUSED
 *   a slot's       the same                                        (removed from epoll, the slot is given back)
 * </pre>
 *
 * <p>It has its slot before it is in epoll, since the first event may come before the call returns.
 *
 * <p>While it is registered, the interest says what is reported beside HUP, ERR and RDHUP, which always are:
 *
 * <pre>
 *   interest             ignoreUnawaited        heed(events)               replace
 *   IN|OUT, from the     what sides wait for    the same                   the same
 *   start
 *   less than that       what sides wait for    events too, where they     IN|OUT
 *                                               were not reported
 * </pre>
 *
 * <p>An edge that came while it was not reported is not lost: EPOLL_CTL_MOD makes an event of readiness that is there
 * already (ep_modify in the kernel's fs/eventpoll.c).
 */
final class Registration {
    private static final long UNREGISTERED = -1;
    private static final long REFUSED = -2;

    private volatile long eventData = UNREGISTERED;

    /** Which of EPOLLIN, which brings EPOLLPRI with it, and EPOLLOUT are reported. */
    private volatile int interest = Poller.READINESS;

    private volatile @Nullable Boolean takenByEpoll;

    /** What its events carry: see {@link Slots}. Negative as long as there are none. */
    long eventData() {
        return eventData;
    }

    boolean isRegistered() {
        return eventData >= 0;
    }

    boolean isDecided() {
        return eventData != UNREGISTERED;
    }

    /**
     * Registers it, unless that is decided already. The pollers are there by then: see {@link Pollers#start}.
     *
     * @return 0, also where epoll does not take it; or the negative errno, and it can be tried again
     */
    synchronized int register(CallState state, OpenDescriptor owner, int fd) {
        if (isDecided()) {
            return 0;
        }
        Poller poller = Pollers.of(fd);
        long data = poller.slots().take(owner);
        eventData = data;
        int result = poller.register(state, fd, data);
        if (result < 0) {
            poller.slots().giveBack(data);
            eventData = result == -Errno.EPERM ? REFUSED : UNREGISTERED;
        }
        return isDecided() ? 0 : result;
    }

    /**
     * Has readiness reported, for one who is enlisted and about to park. Without effect where it is, as it usually is.
     */
    void heed(CallState state, int fd, int events) {
        if ((interest & events) != events && isRegistered()) {
            addInterest(state, fd, events);
        }
    }

    private synchronized void addInterest(CallState state, int fd, int events) {
        if ((interest & events) != events) {
            interest |= events;
            Pollers.of(fd).modify(state, fd, eventData, interest);
        }
    }

    /**
     * Has no readiness reported but what somebody waits for: in a flow that never ceases every arrival would wake the
     * master, while whom it is for is at work.
     *
     * <p>Who waits enlists first and then looks at the interest; this takes it away first and then looks who is
     * enlisted. So at least one of the two sees the other.
     */
    synchronized void ignoreUnawaited(CallState state, int fd, Sides sides) {
        if (isRegistered()) {
            int reported = interest;
            interest = 0;
            interest = sides.awaited();
            if (interest != reported) {
                Pollers.of(fd).modify(state, fd, eventData, interest);
            }
        }
    }

    /**
     * Lets the number refer to what {@code fresh} does, and be registered as it was. It is removed first: as long as
     * somebody polls the old description that stays in epoll. If it cannot be registered again, the next wait tries to.
     *
     * @return 0 or more, or the negative errno
     */
    synchronized int replace(CallState state, int fd, int fresh) {
        if (!isRegistered()) {
            return FileCalls.replace(state, fresh, fd);
        }
        Poller poller = Pollers.of(fd);
        poller.deregister(state, fd);
        int result = FileCalls.replace(state, fresh, fd);
        interest = Poller.READINESS;
        if (poller.register(state, fd, eventData) < 0) {
            poller.slots().giveBack(eventData);
            eventData = UNREGISTERED;
        }
        return result;
    }

    /**
     * At the end of the descriptor's life. Before its number is closed: with a living duplicate it stays in epoll: see
     * epoll(7).
     */
    void cancel(CallState state, int fd) {
        if (isRegistered()) {
            Poller poller = Pollers.of(fd);
            poller.deregister(state, fd);
            poller.slots().giveBack(eventData);
        }
    }

    /**
     * Whether epoll takes it. Asked of an epoll of its own: a platform thread needs no poller, and one that runs would
     * hold up the JVM's exit.
     */
    boolean isPossible(CallState state, int fd) {
        if (isDecided()) {
            return isRegistered();
        }
        @Nullable Boolean known = takenByEpoll;
        if (known == null) {
            known = PollCalls.isTakenByEpoll(state, fd);
            takenByEpoll = known;
        }
        return known;
    }
}
