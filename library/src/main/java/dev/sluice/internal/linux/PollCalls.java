// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;

/** Calls that wait for readiness, or say how it stands. */
public final class PollCalls {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

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
        long result = Syscall.once(
                state, SyscallNumber.EPOLL_PWAIT, epoll, events.address(), EpollEvents.CAPACITY, timeout, 0, 0);
        return result == -Errno.EINTR ? 0 : (int) result;
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
     */
    public static int poll(CallState state, MemorySegment entries, int count, long nanos) {
        return poll(state, entries.address(), count, nanos, 24);
    }

    private static int poll(CallState state, long entries, int count, long nanos, int timeOffset) {
        long time = 0;
        if (nanos >= 0) {
            state.putLong(timeOffset, nanos / NANOS_PER_SECOND);
            state.putLong(timeOffset + 8, nanos % NANOS_PER_SECOND);
            time = state.room() + timeOffset;
        }
        long result = Syscall.once(state, SyscallNumber.PPOLL, entries, count, time, 0, 0, 0);
        return result == -Errno.EINTR ? 0 : (int) result;
    }

    /** How one descriptor stands at this moment: the events that poll(2) answers for it, or the negative errno. */
    public static int pollNow(CallState state, int fd, int events) {
        state.putInt(0, fd);
        state.putInt(4, events);
        int result = poll(state, state.room(), 1, 0, 24);
        return result < 0 ? result : Short.toUnsignedInt(state.getShort(6));
    }

    /**
     * How two descriptors stand at one moment.
     *
     * @return the events of the first in the low half, those of the second in the high half; or the negative errno
     */
    public static long pollNow(CallState state, int first, int firstEvents, int second, int secondEvents) {
        state.putInt(0, first);
        state.putInt(4, firstEvents);
        state.putInt(8, second);
        state.putInt(12, secondEvents);
        int result = poll(state, state.room(), 2, 0, 24);
        return result < 0
                ? result
                : Short.toUnsignedLong(state.getShort(6)) | Short.toUnsignedLong(state.getShort(14)) << Integer.SIZE;
    }
}
