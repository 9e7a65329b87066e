// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

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

    /** Why nothing can be called, or null. Above the handles, whose making sets it. */
    private static @Nullable String refusal;

    private static final MethodHandle CALL = link(
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

    private static MethodHandle link(FunctionDescriptor function, Linker.Option... options) {
        MemorySegment entry = LINKER.defaultLookup().findOrThrow("syscall");
        try {
            return LINKER.downcallHandle(entry, function, options);
        } catch (IllegalCallerException denied) {
            refusal = "Sluice makes system calls, and native access is denied to it: run Java with"
                    + " --enable-native-access=dev.sluice, or ALL-UNNAMED if it is on the class path";
            return MethodHandles.empty(function.toMethodType());
        }
    }

    /**
     * Says in one sentence why nothing can be called, where that is so.
     *
     * @throws UnsupportedOperationException on a machine that Sluice does not know, or without native access
     */
    static void requireUsable() {
        Architecture.current();
        if (refusal != null) {
            throw new UnsupportedOperationException(refusal);
        }
    }

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
        } catch (RuntimeException | Error misuse) {
            throw misuse; // a buffer whose arena is closed, say
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * Runs a call on memory of the user's, which may lie in the Java heap or belong to an arena.
     *
     * <p>The garbage collector waits as long as the call lasts: only for what is known not to block.
     */
    static long onBuffer(CallState state, long number, long a, MemorySegment buffer, long length, long flags) {
        try {
            long result;
            do {
                result = (long) OnBuffer.CALL.invokeExact(state.errno, number, a, buffer, length, flags, 0L, 0L);
            } while (result == -1 && state.errno() == Errno.EINTR);
            return result == -1 ? -state.errno() : result;
        } catch (RuntimeException | Error misuse) {
            throw misuse; // a buffer whose arena is closed, say
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Linked when the first buffer of a user's is read or written, not at start-up. */
    private static final class OnBuffer {
        static final MethodHandle CALL = link(
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"),
                Linker.Option.critical(true));

        private OnBuffer() {}
    }
}
