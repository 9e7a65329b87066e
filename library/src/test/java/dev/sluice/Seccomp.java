// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Refuses system calls to the whole process from now on, as a container's profile does: see seccomp(2). */
final class Seccomp {
    private static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");
    static final int SPLICE = X86 ? 275 : 76;
    static final int COPY_FILE_RANGE = X86 ? 326 : 285;
    static final int STATX = X86 ? 332 : 291;
    static final int PPOLL = X86 ? 271 : 73;
    static final int EPOLL_PWAIT2 = 441;
    static final int PIPE2 = X86 ? 293 : 59;
    static final int TEE = X86 ? 276 : 77;
    private static final int FCNTL = X86 ? 72 : 25;
    private static final int OPENAT = X86 ? 257 : 56;
    private static final int PRCTL = X86 ? 157 : 167;
    private static final int SECCOMP = X86 ? 317 : 277;

    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    private static final int F_SETPIPE_SZ = 1031;

    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_SET = 0x45;
    private static final int RETURN = 0x06;
    private static final int ERRNO = 0x0005_0000;
    private static final int ALLOW = 0x7fff_0000;
    private static final int NUMBER = 0;
    private static final int SECOND_ARGUMENT = 24;
    private static final int THIRD_ARGUMENT = 32;

    private Seccomp() {}

    /** Lets a system call fail with an errno. */
    static void refuse(int number, int errno) {
        install(new int[][] {
            {LOAD, 0, 0, NUMBER}, {JUMP_IF_EQUAL, 0, 1, number}, {RETURN, 0, 0, ERRNO | errno}, {RETURN, 0, 0, ALLOW}
        });
    }

    /** Lets fcntl(2) fail where it is to make a pipe larger. */
    static void refuseToGrowPipes(int errno) {
        install(new int[][] {
            {LOAD, 0, 0, NUMBER},
            {JUMP_IF_EQUAL, 0, 3, FCNTL},
            {LOAD, 0, 0, SECOND_ARGUMENT},
            {JUMP_IF_EQUAL, 0, 1, F_SETPIPE_SZ},
            {RETURN, 0, 0, ERRNO | errno},
            {RETURN, 0, 0, ALLOW}
        });
    }

    /** Lets open(2) fail where it is given a flag, such as one that only Sluice uses. */
    static void refuseToOpen(int flag, int errno) {
        install(new int[][] {
            {LOAD, 0, 0, NUMBER},
            {JUMP_IF_EQUAL, 0, 3, OPENAT},
            {LOAD, 0, 0, THIRD_ARGUMENT},
            {JUMP_IF_SET, 0, 1, flag},
            {RETURN, 0, 0, ERRNO | errno},
            {RETURN, 0, 0, ALLOW}
        });
    }

    private static void install(int[][] program) {
        MethodHandle syscall = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG),
                        Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(8L * program.length, 8);
            for (int i = 0; i < program.length; i++) {
                filter.set(ValueLayout.JAVA_SHORT, 8L * i, (short) program[i][0]);
                filter.set(ValueLayout.JAVA_BYTE, 8L * i + 2, (byte) program[i][1]);
                filter.set(ValueLayout.JAVA_BYTE, 8L * i + 3, (byte) program[i][2]);
                filter.set(ValueLayout.JAVA_INT, 8L * i + 4, program[i][3]);
            }
            MemorySegment whole = arena.allocate(16, 8);
            whole.set(ValueLayout.JAVA_SHORT, 0, (short) program.length);
            whole.set(ValueLayout.ADDRESS, 8, filter);
            call(syscall, PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
            call(syscall, SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, whole.address());
        }
    }

    private static void call(MethodHandle syscall, long number, long a, long b, long c) {
        try {
            long result = (long) syscall.invokeExact(number, a, b, c, 0L, 0L);
            if (result != 0) {
                throw new IllegalStateException("system call " + number + " answered " + result);
            }
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
