// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.file.Path;

/** Calls that open, make, close and describe files. Each answers the kernel's value, or the negative errno. */
public final class FileCalls {
    /** The charset in which the JDK itself hands paths to the kernel. */
    static final Charset PATHS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private FileCalls() {}

    /** open(2), always close-on-exec, and never making a terminal the controlling one. */
    public static int open(CallState state, Path path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Syscall.call(
                    state,
                    SyscallNumber.OPENAT,
                    Constants.AT_FDCWD,
                    nativePath(arena, path).address(),
                    always(flags),
                    mode);
        }
    }

    /** Opens what a descriptor of this process refers to anew, with a file description of its own. */
    public static int reopen(CallState state, int fd, int flags) {
        return (int) Syscall.call(
                state,
                SyscallNumber.OPENAT,
                Constants.AT_FDCWD,
                state.putString("/proc/self/fd/" + fd),
                always(flags),
                0);
    }

    private static int always(int flags) {
        return flags | Constants.O_CLOEXEC | Constants.O_NOCTTY;
    }

    /** mkfifo(3). The mode is subject to the process's umask. */
    public static int makeFifo(CallState state, Path path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Syscall.call(
                    state,
                    SyscallNumber.MKNODAT,
                    Constants.AT_FDCWD,
                    nativePath(arena, path).address(),
                    Constants.S_IFIFO | mode,
                    0);
        }
    }

    /** close(2): never repeated, since Linux has released the number even when it answers EINTR. */
    public static int close(CallState state, int fd) {
        return (int) Syscall.once(state, SyscallNumber.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /**
     * dup3(2), which closes {@code target} first if it is open. Not close-on-exec: for the standard numbers, which a
     * child must find open.
     */
    public static int duplicateTo(CallState state, int fd, int target) {
        return (int) Syscall.call(state, SyscallNumber.DUP3, fd, target, 0);
    }

    /** The same, and close-on-exec: {@code target} is never free meanwhile, and then refers to what {@code fd} does. */
    public static int replace(CallState state, int fd, int target) {
        return (int) Syscall.call(state, SyscallNumber.DUP3, fd, target, Constants.O_CLOEXEC);
    }

    /** fcntl(2) F_DUPFD_CLOEXEC, with a number above the standard ones. */
    public static int duplicate(CallState state, int fd) {
        return fcntl(state, fd, Constants.F_DUPFD_CLOEXEC, 3);
    }

    public static int fcntl(CallState state, int fd, int command, long argument) {
        return (int) Syscall.call(state, SyscallNumber.FCNTL, fd, command, argument);
    }

    /** fchmod(2). */
    public static int changeMode(CallState state, int fd, int mode) {
        return (int) Syscall.call(state, SyscallNumber.FCHMOD, fd, mode, 0);
    }

    /** flock(2), exclusive and without waiting: EAGAIN if somebody has it. It ends with the file description. */
    public static int tryLock(CallState state, int fd) {
        return (int) Syscall.call(state, SyscallNumber.FLOCK, fd, Constants.LOCK_EX | Constants.LOCK_NB, 0);
    }

    public static int ioctl(CallState state, int fd, int request, long argument) {
        return (int) Syscall.call(state, SyscallNumber.IOCTL, fd, request, argument);
    }

    /** FIONREAD: how many bytes can be read, or the negative errno. */
    public static int buffered(CallState state, int fd) {
        state.putInt(0, 0);
        int result = ioctl(state, fd, Constants.FIONREAD, state.room());
        return result < 0 ? result : state.getInt(0);
    }

    public static long seek(CallState state, int fd, long offset, int whence) {
        return Syscall.call(state, SyscallNumber.LSEEK, fd, offset, whence);
    }

    /** Whether it is a terminal, either side of a pseudo-terminal included: see isatty(3). */
    public static boolean isTerminal(CallState state, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(256, 8);
            return ioctl(state, fd, Constants.TCGETS, termios.address()) == 0;
        }
    }

    static MemorySegment nativePath(Arena arena, Path path) {
        byte[] bytes = path.toString().getBytes(PATHS);
        MemorySegment text = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return text;
    }
}
