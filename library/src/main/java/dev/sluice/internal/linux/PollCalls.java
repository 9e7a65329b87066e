// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * Calls that wait for readiness, or say how it stands.
 *
 * <p>poll(2) fails by no fault of a descriptor, which it answers with POLLNVAL instead. What can be met is EINTR, which
 * is an answer of nothing, and a process that may not poll at all: EINVAL where its limit of descriptors has been set
 * to less than it asks about, or whatever a seccomp(2) filter says. To go on would mean to take an errno for events, or
 * to wait for ever for what nobody can tell, so it is thrown, here and unchecked, for all who ask.
 */
public final class PollCalls {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    /** Where the timespec lies in a call's room: behind three pollfds. */
    private static final int TIME_OFFSET = 24;

    private PollCalls() {}

    /** epoll_create1(2), close-on-exec. */
    public static int createEpoll(CallState state) {
        return (int) Syscall.call(state, SyscallNumber.EPOLL_CREATE1, Constants.O_CLOEXEC, 0, 0);
    }

    /** epoll_ctl(2). */
    public static int control(CallState state, int epoll, int operation, int fd, int events, long data) {
        int dataOffset = Architecture.current().epollDataOffset;
        state.putInt(0, events);
        state.putInt(dataOffset, (int) data);
        state.putInt(dataOffset + 4, (int) (data >>> Integer.SIZE));
        return (int) Syscall.call(state, SyscallNumber.EPOLL_CTL, epoll, operation, fd, state.room());
    }

    /** Whether epoll takes a descriptor. Tried on an epoll that is made for it and closed again. */
    public static boolean isTakenByEpoll(CallState state, int fd) {
        int epoll = createEpoll(state);
        if (epoll < 0) {
            return true; // too many descriptors to ask; poll(2) takes all
        }
        int result = control(state, epoll, Constants.EPOLL_CTL_ADD, fd, 0, 0);
        FileCalls.close(state, epoll);
        return result != -Errno.EPERM;
    }

    /**
     * epoll_wait(2).
     *
     * @param timeout milliseconds; 0 does not wait, -1 waits without end
     * @return how many events were stored; 0 also when a signal cut the wait short
     */
    public static int wait(CallState state, int epoll, EpollEvents events, int timeout) {
        return wait(state, SyscallNumber.EPOLL_PWAIT, epoll, events, timeout);
    }

    /**
     * epoll_pwait2(2). Where there is none, before Linux 5.11 or by a seccomp(2) filter, it does not wait.
     *
     * @param nanos how long at most
     * @return how many events were stored; 0 also when a signal cut the wait short
     */
    public static int waitNanos(CallState state, int epoll, EpollEvents events, long nanos) {
        putTime(state, 0, nanos);
        return Math.max(0, wait(state, SyscallNumber.EPOLL_PWAIT2, epoll, events, state.room()));
    }

    private static int wait(CallState state, long number, int epoll, EpollEvents events, long timeout) {
        long result = Syscall.once(state, number, epoll, events.address(), EpollEvents.CAPACITY, timeout, 0, 0);
        return result == -Errno.EINTR ? 0 : (int) result;
    }

    private static void putTime(CallState state, int offset, long nanos) {
        state.putLong(offset, nanos / NANOS_PER_SECOND);
        state.putLong(offset + 8, nanos % NANOS_PER_SECOND);
    }

    /** eventfd(2): a counter of 0, close-on-exec and non-blocking. */
    public static int createEventDescriptor(CallState state) {
        return (int) Syscall.call(state, SyscallNumber.EVENTFD2, 0, Constants.O_CLOEXEC | Constants.O_NONBLOCK, 0);
    }

    /**
     * poll(2), by way of ppoll(2), which every machine has.
     *
     * @param entries pollfd structs: descriptor (int), events (short), answered events (short)
     * @param nanos how long at most; 0 does not wait, negative waits without end
     * @return how many are ready; 0 also when a signal cut the wait short
     * @throws UncheckedIOException if it fails: see above
     */
    public static int poll(CallState state, MemorySegment entries, int count, long nanos) {
        return poll(state, entries.address(), count, nanos);
    }

    private static int poll(CallState state, long entries, int count, long nanos) {
        long time = 0;
        if (nanos >= 0) {
            putTime(state, TIME_OFFSET, nanos);
            time = state.room() + TIME_OFFSET;
        }
        long result = Syscall.once(state, SyscallNumber.PPOLL, entries, count, time, 0, 0, 0);
        if (result < 0 && result != -Errno.EINTR) {
            throw new UncheckedIOException(Failures.of("poll", "descriptors", (int) -result));
        }
        return (int) Math.max(0, result);
    }

    /**
     * How one descriptor stands at this moment: the events that poll(2) answers for it.
     *
     * @throws UncheckedIOException if it fails: see above
     */
    public static int pollNow(CallState state, int fd, int events) {
        return poll(state, fd, events, 0);
    }

    /**
     * How one descriptor stands as soon as it has one of the events, or after so long: the events that poll(2) answers.
     *
     * @throws UncheckedIOException if it fails: see above
     */
    public static int poll(CallState state, int fd, int events, long nanos) {
        state.putInt(0, fd);
        state.putInt(4, events); // and no answer yet, in the upper half
        poll(state, state.room(), 1, nanos);
        return Short.toUnsignedInt(state.getShort(6));
    }

    /**
     * How two descriptors stand at one moment.
     *
     * @return the events of the first in the low half, those of the second in the high half
     * @throws UncheckedIOException if it fails: see above
     */
    public static long pollNow(CallState state, int first, int firstEvents, int second, int secondEvents) {
        state.putInt(0, first);
        state.putInt(4, firstEvents);
        state.putInt(8, second);
        state.putInt(12, secondEvents);
        poll(state, state.room(), 2, 0);
        return Short.toUnsignedLong(state.getShort(6)) | Short.toUnsignedLong(state.getShort(14)) << Integer.SIZE;
    }
}
