// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One struct msghdr of sendmsg(2) and recvmsg(2), with all that it points to but the bytes. The layout is that of both
 * 64-bit machines:
 *
 * <pre>
 *     0  msg_name 8  msg_namelen 4 (4)  msg_iov 8  msg_iovlen 8  msg_control 8  msg_controllen 8  msg_flags 4 (4)
 *    56  struct iovec: base 8  length 8
 *    72  the name
 *   184  the control messages, see cmsg(3): length 8  level 4  type 4  data, and so on, each from a multiple of 8
 * </pre>
 *
 * <p>Each call answers the kernel's value or the negative errno, and never waits: MSG_DONTWAIT.
 */
public final class Message {
    /** SCM_MAX_FD of the kernel: more descriptors in one message are refused with EINVAL. */
    public static final int MOST_RIGHTS = 253;

    private static final int NAME_LENGTH = 8;
    private static final int VECTOR = 16;
    private static final int VECTORS = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int VECTOR_AT = 56;
    private static final int NAME_AT = 72;
    private static final int NAME_ROOM = 112;
    private static final int CONTROL_AT = NAME_AT + NAME_ROOM;
    private static final int CONTROL_HEADER = 16;

    private final MemorySegment memory;
    private final int rights;

    /** @param rights how many descriptors it may carry; 0 to {@value #MOST_RIGHTS} */
    public Message(Arena arena, int rights) {
        this.rights = rights;
        this.memory = arena.allocate(CONTROL_AT + lengthOf(rights) + Long.BYTES, Long.BYTES);
        putLong(VECTOR, address(VECTOR_AT));
        putLong(VECTORS, 1);
    }

    /**
     * CMSG_LEN, and not CMSG_SPACE: the kernel puts descriptors wherever four bytes are left, so the padding behind an
     * odd number of them would let one more in.
     */
    private static int lengthOf(int rights) {
        return rights == 0 ? 0 : CONTROL_HEADER + rights * Integer.BYTES;
    }

    /** The bytes: native memory. */
    public void bytes(long address, long length) {
        putLong(VECTOR_AT, address);
        putLong(VECTOR_AT + 8, length);
    }

    /** Whom it goes to: what {@link SocketAddresses#encode} has made. */
    public void to(MemorySegment address) {
        putLong(0, address.address());
        putInt(NAME_LENGTH, (int) address.byteSize());
    }

    /**
     * sendmsg(2).
     *
     * @param numbers the descriptors that it carries
     */
    public long send(CallState state, int fd, int... numbers) {
        int length = lengthOf(numbers.length);
        putLong(CONTROL, length == 0 ? 0 : address(CONTROL_AT));
        putLong(CONTROL_LENGTH, length);
        if (length > 0) {
            putLong(CONTROL_AT, length);
            putInt(CONTROL_AT + 8, Constants.SOL_SOCKET);
            putInt(CONTROL_AT + 12, Constants.SCM_RIGHTS);
            MemorySegment.copy(
                    numbers, 0, memory, ValueLayout.JAVA_INT, CONTROL_AT + CONTROL_HEADER, numbers.length);
        }
        int flags = Constants.MSG_DONTWAIT | Constants.MSG_NOSIGNAL;
        return Syscall.call(state, SyscallNumber.SENDMSG, fd, memory.address(), flags);
    }

    /**
     * recvmsg(2), close-on-exec.
     *
     * @param wholeLength whether to answer how long the message is, and not how much of it there was room for
     */
    public long receive(CallState state, int fd, boolean wholeLength) {
        putLong(0, address(NAME_AT));
        putInt(NAME_LENGTH, NAME_ROOM);
        putLong(CONTROL, rights == 0 ? 0 : address(CONTROL_AT));
        putLong(CONTROL_LENGTH, lengthOf(rights));
        int flags = Constants.MSG_DONTWAIT | Constants.MSG_CMSG_CLOEXEC | (wholeLength ? Constants.MSG_TRUNC : 0);
        return Syscall.call(state, SyscallNumber.RECVMSG, fd, memory.address(), flags);
    }

    /** Whether control messages were dropped for want of room: MSG_CTRUNC. */
    public boolean isControlCut() {
        return (getInt(FLAGS) & Constants.MSG_CTRUNC) != 0;
    }

    /** Who sent it; null where the protocol does not say. */
    public @Nullable SocketAddress sender() {
        int length = getInt(NAME_LENGTH);
        return length == 0 ? null : SocketAddresses.decode(memory.asSlice(NAME_AT, NAME_ROOM), length);
    }

    /** The numbers of the descriptors that came with it, each open in this process from now on. */
    public int[] rights() {
        return numbers(Constants.SCM_RIGHTS);
    }

    /** Numbers of descriptors that the kernel added: of the sender's process, where the socket has SO_PASSPIDFD. */
    public int[] additions() {
        return Arrays.stream(numbers(Constants.SCM_PIDFD)).filter(fd -> fd >= 0).toArray();
    }

    private int[] numbers(int type) {
        long end = Math.min(getLong(CONTROL_LENGTH), lengthOf(rights));
        for (long at = 0; at + CONTROL_HEADER <= end; ) {
            long length = Math.min(getLong(CONTROL_AT + at), end - at);
            if (getInt(CONTROL_AT + at + 8) == Constants.SOL_SOCKET && getInt(CONTROL_AT + at + 12) == type) {
                long first = CONTROL_AT + at + CONTROL_HEADER;
                return IntStream.range(0, (int) (length - CONTROL_HEADER) / Integer.BYTES)
                        .map(i -> getInt(first + (long) i * Integer.BYTES))
                        .toArray();
            }
            if (length < CONTROL_HEADER) {
                break;
            }
            at += length + Long.BYTES - 1 & -Long.BYTES;
        }
        return new int[0];
    }

    private long address(int offset) {
        return memory.address() + offset;
    }

    private int getInt(long offset) {
        return memory.get(ValueLayout.JAVA_INT, offset);
    }

    private long getLong(long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    private void putInt(long offset, int value) {
        memory.set(ValueLayout.JAVA_INT, offset, value);
    }

    private void putLong(long offset, long value) {
        memory.set(ValueLayout.JAVA_LONG, offset, value);
    }
}
