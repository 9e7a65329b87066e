// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: libc's {@code syscall(2)}, called through java.lang.foreign.
 *
 * <p>One function means one linked handle (linking is what costs at start-up: tens of milliseconds for the first,
 * several for each other), and the kernel's own calls whatever the age of the C library. Every method answers the
 * kernel's value, or the negative errno; nothing is thrown, and nothing allocated.
 *
 * <p>EINTR never leaves this class, but for {@link #once}: close(2) must not be repeated, and a wait has its own clock.
 */
final class Syscall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment ENTRY = LINKER.defaultLookup().findOrThrow("syscall");

    private static final MethodHandle CALL = LINKER.downcallHandle(
            ENTRY,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private Syscall() {}

    /** Runs the call, again as long as a signal interrupts it. */
    static long call(CallState state, long number, long a, long b, long c, long d, long e, long f) {
        long result;
        do {
            result = once(state, number, a, b, c, d, e, f);
        } while (result == -Errno.EINTR);
        return result;
    }

    static long call(CallState state, long number, long a, long b, long c) {
        return call(state, number, a, b, c, 0, 0, 0);
    }

    static long call(CallState state, long number, long a, long b, long c, long d) {
        return call(state, number, a, b, c, d, 0, 0);
    }

    /** Runs the call a single time: EINTR is an answer like any other. */
    static long once(CallState state, long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) CALL.invokeExact(state.errno, number, a, b, c, d, e, f);
            return result == -1 ? -state.errno() : result;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Runs a three-argument call on memory of the user's, which may lie in the Java heap or belong to an arena.
     *
     * <p>The garbage collector waits as long as the call lasts: only for descriptors known to be O_NONBLOCK.
     */
    static long onBuffer(CallState state, long number, long a, MemorySegment buffer, long length) {
        try {
            long result;
            do {
                result = (long) OnBuffer.CALL.invokeExact(state.errno, number, a, buffer, length);
            } while (result == -1 && state.errno() == Errno.EINTR);
            return result == -1 ? -state.errno() : result;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Linked when the first buffer of a user's is read or written, not at start-up. */
    private static final class OnBuffer {
        static final MethodHandle CALL = LINKER.downcallHandle(
                ENTRY,
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"),
                Linker.Option.critical(true));

        private OnBuffer() {}
    }
}
