// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.linux.SocketFailures;
import dev.sluice.internal.poll.Control;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Map;

/** What is done to a socket beside reading and writing. */
public final class Sockets {
    private Sockets() {}

    /** Makes a socket, and sets its options; nothing is left behind if one is refused. */
    static int open(CallState state, int domain, int type, String what, Map<SocketOption<?>, Object> options)
            throws IOException {
        int fd = SocketCalls.socket(state, domain, type);
        if (fd < 0) {
            throw Failures.of("socket for", what, -fd);
        }
        try {
            if (domain != Constants.AF_UNIX && type == Constants.SOCK_STREAM) {
                SocketCalls.setIntOption(state, fd, Constants.IPPROTO_TCP, Constants.TCP_NODELAY, 1);
            }
            SocketOptions.setAll(state, fd, what, options);
            return fd;
        } catch (Throwable failure) {
            FileCalls.close(state, fd);
            throw failure;
        }
    }

    /** socketpair(2) of Unix-domain sockets: see unix(7). */
    public static OpenDescriptor[] pair(Kind kind, int type) throws IOException {
        CallState state = CallState.acquire();
        try {
            long pair = SocketCalls.pair(state, type);
            if (pair < 0) {
                throw Failures.of("socketpair", "of Unix-domain sockets", (int) -pair);
            }
            return new OpenDescriptor[] {
                Opening.socket((int) pair, "unix (one of a pair)", kind),
                Opening.socket((int) (pair >>> Integer.SIZE), "unix (other of a pair)", kind)
            };
        } finally {
            state.release();
        }
    }

    /** A Unix-domain socket for datagrams that is bound to no address. */
    public static OpenDescriptor datagram() throws IOException {
        CallState state = CallState.acquire();
        try {
            String name = "unix (datagrams)";
            int fd = open(state, Constants.AF_UNIX, Constants.SOCK_DGRAM, name, Map.of());
            return Opening.socket(fd, name, Kind.MESSAGE_SOCKET);
        } finally {
            state.release();
        }
    }

    /** connect(2) of a socket for datagrams, which does not wait. */
    public static void join(OpenDescriptor socket, SocketAddress peer) throws IOException {
        int domain = SocketAddresses.domain(peer);
        int result = Control.run(socket, (side, fd) -> {
            try (Arena arena = Arena.ofConfined()) {
                return SocketCalls.connect(side.state(), fd, SocketAddresses.encode(arena, peer, domain));
            }
        });
        if (result < 0) {
            throw SocketFailures.connect(SocketAddresses.describe(peer), -result);
        }
    }

    /** getsockname(2). */
    public static SocketAddress localAddress(OpenDescriptor socket) throws IOException {
        return name(socket, false);
    }

    /** getpeername(2). */
    public static SocketAddress peerAddress(OpenDescriptor socket) throws IOException {
        return name(socket, true);
    }

    private static SocketAddress name(OpenDescriptor socket, boolean peer) throws IOException {
        return Control.run(socket, (side, fd) -> name(side.state(), fd, peer, socket.name()));
    }

    /** The address of a number that is nobody's descriptor yet, or of one that is held. */
    static SocketAddress name(CallState state, int fd, boolean peer, String what) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SocketAddresses.MOST_BYTES, Integer.BYTES);
            int length = SocketCalls.name(state, fd, peer, address);
            if (length < 0) {
                throw Failures.of(peer ? "getpeername" : "getsockname", what, -length);
            }
            return SocketAddresses.decode(address, length);
        }
    }

    /** shutdown(2) of what is written: the peer reads its end once it has read all. */
    public static void shutdownWrite(OpenDescriptor socket) throws IOException {
        shutdown(socket, Constants.SHUT_WR);
    }

    /** shutdown(2) of what is read: reads find the end once what is buffered has been read. */
    public static void shutdownRead(OpenDescriptor socket) throws IOException {
        shutdown(socket, Constants.SHUT_RD);
    }

    private static void shutdown(OpenDescriptor socket, int how) throws IOException {
        int result = Control.run(socket, (side, fd) -> SocketCalls.shutdown(side.state(), fd, how));
        if (result < 0) {
            throw Failures.of("shutdown", socket.name(), -result);
        }
    }

    /** Closes a connection so that its peer sees a reset, and no end: SO_LINGER of socket(7), with no time. */
    public static void abort(OpenDescriptor socket) throws IOException {
        if (!socket.isClosed()) {
            Control.run(socket, (side, fd) -> SocketCalls.setPairOption(
                    side.state(), fd, Constants.SOL_SOCKET, Constants.SO_LINGER, 1, 0));
        }
        socket.close();
    }

    /** SO_PEERCRED: process, user and group of the peer of a Unix-domain socket, when it connected. */
    public static int[] peerCredentials(OpenDescriptor socket) throws IOException {
        int[] processUserGroup = new int[3];
        int result = Control.run(
                socket, (side, fd) -> SocketCalls.peerCredentials(side.state(), fd, processUserGroup));
        // TCP has the option too, and answers a process of 0.
        if (result < 0 || (processUserGroup[0] == 0 && processUserGroup[1] == -1)) {
            throw Failures.of(
                    "getsockopt SO_PEERCRED of", socket.name(), result < 0 ? -result : Errno.EOPNOTSUPP);
        }
        return processUserGroup;
    }
}
