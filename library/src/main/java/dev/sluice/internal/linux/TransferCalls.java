// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.MemorySegment;

/** Calls that move bytes. Each answers how many, or the negative errno. Nothing is allocated. */
public final class TransferCalls {
    private static final long CURRENT_POSITION = -1;
    private static final int SPLICE_FLAGS = Constants.SPLICE_F_MOVE | Constants.SPLICE_F_NONBLOCK;

    private TransferCalls() {}

    public static long read(CallState state, int fd, long address, long length) {
        return Syscall.call(state, SyscallNumber.READ, fd, address, length);
    }

    public static long write(CallState state, int fd, long address, long length) {
        return Syscall.call(state, SyscallNumber.WRITE, fd, address, length);
    }

    /** read(2) into any memory of the user's, heap included. Only on O_NONBLOCK: the garbage collector waits for it. */
    public static long read(CallState state, int fd, MemorySegment buffer) {
        return Syscall.onBuffer(state, SyscallNumber.READ, fd, buffer, buffer.byteSize(), 0);
    }

    /**
     * write(2) from any memory of the user's, heap included. Only on O_NONBLOCK: the garbage collector waits for it.
     */
    public static long write(CallState state, int fd, MemorySegment buffer) {
        return Syscall.onBuffer(state, SyscallNumber.WRITE, fd, buffer, buffer.byteSize(), 0);
    }

    /**
     * preadv2(2) at the current position with RWF_NOWAIT: what can be had without waiting, whatever O_NONBLOCK says.
     */
    public static long readNoWait(CallState state, int fd, long address, long length) {
        return noWait(state, SyscallNumber.PREADV2, fd, address, length);
    }

    /** pwritev2(2) at the current position with RWF_NOWAIT. */
    public static long writeNoWait(CallState state, int fd, long address, long length) {
        return noWait(state, SyscallNumber.PWRITEV2, fd, address, length);
    }

    private static long noWait(CallState state, long number, int fd, long address, long length) {
        state.putLong(0, address);
        state.putLong(8, length);
        // The position takes two registers, low and high half; a 64-bit kernel reads the low one alone.
        return Syscall.call(state, number, fd, state.room(), 1, CURRENT_POSITION, 0, Constants.RWF_NOWAIT);
    }

    /**
     * read(2) of one byte to nowhere: tells without taking anything what a pipe's read end would do. 0: no writer has
     * it open and nothing is buffered; EAGAIN: a writer has it open; EFAULT: data is buffered, and stays (pipe_read in
     * the kernel's fs/pipe.c takes nothing before the copy has succeeded).
     */
    public static long probe(CallState state, int fd) {
        return Syscall.call(state, SyscallNumber.READ, fd, 0, 1);
    }

    /**
     * recvfrom(2) with MSG_PEEK and MSG_TRUNC: how long the next message is, which stays where it is. 0 is a message of
     * no bytes, or the end.
     */
    public static long messageLength(CallState state, int fd) {
        int flags = Constants.MSG_PEEK | Constants.MSG_TRUNC | Constants.MSG_DONTWAIT;
        return Syscall.call(state, SyscallNumber.RECVFROM, fd, state.room(), 0, flags, 0, 0);
    }

    /** recvfrom(2) with MSG_PEEK and MSG_DONTWAIT into any memory of the user's: what is read stays where it is. */
    public static long peek(CallState state, int socket, MemorySegment buffer) {
        int flags = Constants.MSG_PEEK | Constants.MSG_DONTWAIT;
        return Syscall.onBuffer(state, SyscallNumber.RECVFROM, socket, buffer, buffer.byteSize(), flags);
    }

    /** splice(2) at both ends' current positions, never waiting on a pipe. */
    public static long splice(CallState state, int from, int to, long length) {
        return Syscall.call(state, SyscallNumber.SPLICE, from, 0, to, 0, length, SPLICE_FLAGS);
    }

    /** tee(2), never waiting: what is in one pipe is in the other one too afterwards. */
    public static long tee(CallState state, int from, int to, long length) {
        return Syscall.call(state, SyscallNumber.TEE, from, to, length, Constants.SPLICE_F_NONBLOCK);
    }

    /** sendfile(2) from the file's current position. */
    public static long sendFile(CallState state, int from, int to, long length) {
        return Syscall.call(state, SyscallNumber.SENDFILE, to, from, 0, length);
    }

    /** copy_file_range(2) at both files' current positions. */
    public static long copyFileRange(CallState state, int from, int to, long length) {
        return Syscall.call(state, SyscallNumber.COPY_FILE_RANGE, from, 0, to, 0, length, 0);
    }

    /** pipe2(2), O_NONBLOCK and O_CLOEXEC: the read end in the low half of the answer, the write end in the high. */
    public static long pipe(CallState state) {
        long result =
                Syscall.call(state, SyscallNumber.PIPE2, state.room(), Constants.O_NONBLOCK | Constants.O_CLOEXEC, 0);
        return result < 0 ? result : Integer.toUnsignedLong(state.getInt(0)) | (long) state.getInt(4) << Integer.SIZE;
    }
}
