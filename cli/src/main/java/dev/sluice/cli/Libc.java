// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** Functions of the C library that only the command needs, each linked when it is first called. */
public final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();

    private final MethodHandle handle;

    /**
     * Links a function that takes whole numbers and pointers.
     *
     * @param name as the C library has it
     * @param fixed how many parameters it has before any variable ones
     * @param all how many it is called with
     * @param answer its return type: JAVA_INT or JAVA_LONG
     */
    public Libc(String name, int fixed, int all, ValueLayout answer) {
        ValueLayout[] parameters = new ValueLayout[all];
        Arrays.fill(parameters, ValueLayout.JAVA_LONG);
        FunctionDescriptor descriptor = FunctionDescriptor.of(answer, parameters);
        MemorySegment entry = LINKER.defaultLookup().findOrThrow(name);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        handle = fixed == all
                ? LINKER.downcallHandle(entry, descriptor, errno)
                : LINKER.downcallHandle(entry, descriptor, Linker.Option.firstVariadicArg(fixed), errno);
    }

    /** Calls it: what it answers, or the negative errno. */
    public long call(long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            for (int i = 0; i < arguments.length; i++) {
                all[i + 1] = arguments[i];
            }
            long result = ((Number) handle.invokeWithArguments(all)).longValue();
            return result == -1 ? -state.get(ValueLayout.JAVA_INT, 0) : result;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
