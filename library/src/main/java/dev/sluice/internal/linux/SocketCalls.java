// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Calls on sockets. Each answers the kernel's value, or the negative errno. Every socket that is made here is
 * O_NONBLOCK and O_CLOEXEC from the start.
 */
public final class SocketCalls {
    private static final int FLAGS = Constants.SOCK_NONBLOCK | Constants.SOCK_CLOEXEC;

    /** Where an address lies in the room of a call, behind its length. */
    private static final int ADDRESS = 8;

    private static final int ADDRESS_BYTES = CallState.ROOM - ADDRESS;

    private SocketCalls() {}

    /** socket(2), of the usual protocol. */
    public static int socket(CallState state, int domain, int type) {
        return (int) Syscall.call(state, SyscallNumber.SOCKET, domain, type | FLAGS, 0);
    }

    /** socketpair(2) of Unix-domain sockets: one in the low half of the answer, the other in the high. */
    public static long pair(CallState state, int type) {
        long result =
                Syscall.call(state, SyscallNumber.SOCKETPAIR, Constants.AF_UNIX, type | FLAGS, 0, state.room(), 0, 0);
        return result < 0 ? result : Integer.toUnsignedLong(state.getInt(0)) | (long) state.getInt(4) << Integer.SIZE;
    }

    /** bind(2). */
    public static int bind(CallState state, int fd, MemorySegment address) {
        return (int) Syscall.call(state, SyscallNumber.BIND, fd, address.address(), address.byteSize());
    }

    /** connect(2). */
    public static int connect(CallState state, int fd, MemorySegment address) {
        return (int) Syscall.call(state, SyscallNumber.CONNECT, fd, address.address(), address.byteSize());
    }

    /** listen(2). */
    public static int listen(CallState state, int fd, int backlog) {
        return (int) Syscall.call(state, SyscallNumber.LISTEN, fd, backlog, 0);
    }

    /** accept4(2). {@link #acceptedFrom} tells the peer, as long as no other call was made with the same state. */
    public static int accept(CallState state, int fd) {
        state.putInt(0, ADDRESS_BYTES);
        return (int) Syscall.call(
                state, SyscallNumber.ACCEPT4, fd, state.room() + ADDRESS, state.room(), FLAGS);
    }

    /** Who connected, by the {@link #accept} just made; null if the address is longer than any but a path is. */
    public static @Nullable SocketAddress acceptedFrom(CallState state) {
        int length = state.getInt(0);
        return length > ADDRESS_BYTES ? null : SocketAddresses.decode(state.roomMemory().asSlice(ADDRESS), length);
    }

    /** shutdown(2). */
    public static int shutdown(CallState state, int fd, int how) {
        return (int) Syscall.call(state, SyscallNumber.SHUTDOWN, fd, how, 0);
    }

    /** getsockname(2) or getpeername(2), into {@code address}: its length there. */
    public static int name(CallState state, int fd, boolean peer, MemorySegment address) {
        state.putInt(0, (int) address.byteSize());
        long number = peer ? SyscallNumber.GETPEERNAME : SyscallNumber.GETSOCKNAME;
        int result = (int) Syscall.call(state, number, fd, address.address(), state.room());
        return result < 0 ? result : state.getInt(0);
    }

    /**
     * Whether it is a TCP connection whose bytes nothing transforms: one without an upper-layer protocol (TCP_ULP), TLS
     * in the kernel for one.
     */
    public static boolean isPlainTcp(CallState state, int fd) {
        int result = option(state, fd, Constants.IPPROTO_TCP, Constants.TCP_ULP, Long.BYTES);
        return result == 0 && state.getInt(0) == 0;
    }

    /** getsockopt(2) of an option that is an int. A negative answer is the negative errno: no option used here is. */
    public static int intOption(CallState state, int fd, int level, int name) {
        int result = option(state, fd, level, name, Integer.BYTES);
        return result < 0 ? result : state.getInt(8);
    }

    /** getsockopt(2) of two ints, the second one in the high half: SO_LINGER. */
    public static long pairOption(CallState state, int fd, int level, int name) {
        int result = option(state, fd, level, name, 2 * Integer.BYTES);
        return result < 0 ? result : Integer.toUnsignedLong(state.getInt(8)) | (long) state.getInt(12) << Integer.SIZE;
    }

    private static int option(CallState state, int fd, int level, int name, int length) {
        state.putInt(0, length);
        return (int) Syscall.call(
                state, SyscallNumber.GETSOCKOPT, fd, level, name, state.room() + 8, state.room(), 0);
    }

    /** setsockopt(2) of an option that is an int. */
    public static int setIntOption(CallState state, int fd, int level, int name, int value) {
        state.putInt(0, value);
        return (int) Syscall.call(
                state, SyscallNumber.SETSOCKOPT, fd, level, name, state.room(), Integer.BYTES, 0);
    }

    /** setsockopt(2) of two ints: SO_LINGER. */
    public static int setPairOption(CallState state, int fd, int level, int name, int first, int second) {
        state.putInt(0, first);
        state.putInt(4, second);
        return (int) Syscall.call(
                state, SyscallNumber.SETSOCKOPT, fd, level, name, state.room(), 2 * Integer.BYTES, 0);
    }

    /** SO_PEERCRED of unix(7): fills in process, user and group of the peer. */
    public static int peerCredentials(CallState state, int fd, int[] processUserGroup) {
        int result = option(state, fd, Constants.SOL_SOCKET, Constants.SO_PEERCRED, 3 * Integer.BYTES);
        for (int i = 0; result >= 0 && i < processUserGroup.length; i++) {
            processUserGroup[i] = state.getInt(8 + i * Integer.BYTES);
        }
        return result;
    }
}
