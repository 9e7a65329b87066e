// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;

/**
 * A system call that Sluice does not have, and that waits nonetheless as its own do. {@link #peek} shows what is in a
 * pipe and leaves it there, by tee(2); {@link #waiting} counts it, by ioctl(2). The thread is parked while there is
 * nothing: interrupt, deadline and close would end the wait.
 */
public final class RawAccess {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_OF =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle TEE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("tee"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT),
            ERRNO);
    private static final MethodHandle IOCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));

    private static final int EAGAIN = 11;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final long FIONREAD = 0x541B;

    private RawAccess() {}

    public static void main(String... args) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            FutureTask<String> peeking = new FutureTask<>(() -> peek(pipe.source(), 8));
            Thread thread = Thread.startVirtualThread(peeking);
            while (thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            IO.println("the pipe is empty: the peeking thread is " + thread.getState());

            pipe.sink().write(ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8)));
            IO.println("peeked: " + peeking.get());
            IO.println("bytes in the pipe: " + waiting(pipe.source()));

            ByteBuffer all = ByteBuffer.allocate(100);
            pipe.source().read(all);
            IO.println("read: " + StandardCharsets.UTF_8.decode(all.flip()));
        }
    }

    /** Waits until there is something in a pipe, and shows the first of it, which can be read afterwards. */
    private static String peek(Descriptor source, int length) throws IOException {
        try (Pipe side = Pipe.open()) {
            source.read(from -> tee(from, side.sink(), length));
            ByteBuffer shown = ByteBuffer.allocate(length);
            side.source().read(shown);
            return StandardCharsets.UTF_8.decode(shown.flip()).toString();
        }
    }

    /** Tries once; false if there is nothing yet, upon which Sluice waits and calls again. */
    private static boolean tee(int from, Descriptor to, int length) throws IOException {
        long[] result = new long[1];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            to.control(number -> result[0] = (long) call(TEE, state, from, number, (long) length, SPLICE_F_NONBLOCK));
            int errno = (int) ERRNO_OF.get(state, 0L);
            if (result[0] < 0 && errno != EAGAIN) {
                throw new IOException("tee: errno " + errno);
            }
            return result[0] >= 0;
        }
    }

    /** How many bytes could be read at once. */
    private static int waiting(Descriptor source) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            source.control(number -> call(IOCTL, number, FIONREAD, count));
            return count.get(JAVA_INT, 0);
        }
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
