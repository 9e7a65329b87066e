// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/** Calls of the C library that tests need and Sluice does not. */
final class Libc {
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_SEQPACKET = 5;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int LOOPBACK = 0x7f000001;
    private static final int FIONREAD = 0x541b;
    private static final int ROOM = 256;

    private static final MethodHandle IOCTL = link(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SOCKETPAIR = link(
            "socketpair",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));
    private static final MethodHandle SOCKET = link(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CONNECT = link(
            "connect",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle SEND = link(
            "send",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle SIGNAL = link(
            "signal",
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle SIGINTERRUPT = link(
            "siginterrupt",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle TGKILL = link(
            "tgkill",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SHUTDOWN = link(
            "shutdown",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle TCGETATTR = link(
            "tcgetattr",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private static final MethodHandle CFMAKERAW = link("cfmakeraw", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final MethodHandle TCSETATTR = link(
            "tcsetattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private Libc() {}

    private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    /** An ioctl(2) on an int, in and out. */
    static int ioctl(Descriptor descriptor, int request, int value) throws IOException {
        return descriptor.control(fd -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value);
                check((int) IOCTL.invokeExact(fd, (long) request, number), "ioctl");
                return number.get(ValueLayout.JAVA_INT, 0);
            } catch (Throwable failure) {
                throw unexpected(failure);
            }
        });
    }

    /** How many bytes can be read at once. */
    static int available(Descriptor descriptor) throws IOException {
        return ioctl(descriptor, FIONREAD, 0);
    }

    /** Makes a terminal pass all bytes on as they are. */
    static void makeRaw(Descriptor terminal) throws IOException {
        terminal.control(fd -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment settings = arena.allocate(ROOM, Long.BYTES);
                check((int) TCGETATTR.invokeExact(fd, settings), "tcgetattr");
                CFMAKERAW.invokeExact(settings);
                return check((int) TCSETATTR.invokeExact(fd, 0, settings), "tcsetattr");
            } catch (Throwable failure) {
                throw unexpected(failure);
            }
        });
    }

    /** Two connected Unix sockets in blocking mode, as a parent might hand them down. */
    static Descriptor[] socketPair() throws IOException {
        return socketPair(SOCK_STREAM);
    }

    static Descriptor[] socketPair(int type) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, 2);
            check((int) SOCKETPAIR.invokeExact(AF_UNIX, type, 0, numbers), "socketpair");
            return new Descriptor[] {
                Descriptor.adopt(numbers.getAtIndex(ValueLayout.JAVA_INT, 0)),
                Descriptor.adopt(numbers.getAtIndex(ValueLayout.JAVA_INT, 1))
            };
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** A TCP connection to a port of this machine, in blocking mode. */
    static Descriptor connect(int port) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int number = check((int) SOCKET.invokeExact(AF_INET, SOCK_STREAM, 0), "socket");
            MemorySegment address = arena.allocate(16, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            address.set(ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) port);
            address.set(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), 4, LOOPBACK);
            check((int) CONNECT.invokeExact(number, address, 16), "connect");
            return Descriptor.adopt(number);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** send(2): how many bytes, or -1. */
    static long send(int socket, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, message, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return (long) SEND.invokeExact(socket, message, (long) bytes.length, 0);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Tells the peer of a socket that no more will come: it can still write. */
    static void shutDownWriting(Descriptor socket) throws IOException {
        socket.control(fd -> {
            try {
                return check((int) SHUTDOWN.invokeExact(fd, 1), "shutdown");
            } catch (Throwable failure) {
                throw unexpected(failure);
            }
        });
    }

    /** Makes a signal interrupt system calls, and do nothing else: its handler is abs(3), which does as little. */
    static void interruptCalls(int signal) throws IOException {
        try {
            MemorySegment handler = Linker.nativeLinker().defaultLookup().findOrThrow("abs");
            long unused = (long) SIGNAL.invokeExact(signal, handler);
            check((int) SIGINTERRUPT.invokeExact(signal, 1), "siginterrupt");
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    static void ignoreSignal(int signal) throws IOException {
        try {
            long unused = (long) SIGNAL.invokeExact(signal, MemorySegment.ofAddress(1));
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    /** Sends a signal to one thread of this process; one that has ended meanwhile gets none. */
    static void signal(int thread, int signal) throws IOException {
        try {
            int unused = (int) TGKILL.invokeExact((int) ProcessHandle.current().pid(), thread, signal);
        } catch (Throwable failure) {
            throw unexpected(failure);
        }
    }

    private static int check(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed");
        }
        return result;
    }

    private static IOException unexpected(Throwable failure) {
        return failure instanceof IOException known ? known : new IOException(failure);
    }
}
