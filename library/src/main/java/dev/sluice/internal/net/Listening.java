// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.linux.SocketFailures;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes sockets that listen, and sockets that are bound to take messages. */
public final class Listening {
    private Listening() {}

    /**
     * How one is bound.
     *
     * @param family INET or INET6 for that alone; null for the address's own, where the wildcard is both
     * @param mode the permissions of a Unix-domain socket's file, less the umask; -1 for 0777
     */
    public record Settings(
            Map<SocketOption<?>, Object> options, @Nullable ProtocolFamily family, int backlog, int mode) {}

    /**
     * Listens.
     *
     * @param type SOCK_STREAM or SOCK_SEQPACKET
     */
    public static Bound listen(SocketAddress address, int type, Settings settings) throws IOException {
        Kind kind = type == Constants.SOCK_STREAM ? Kind.LISTENER : Kind.MESSAGE_LISTENER;
        return bind(address, type, kind, settings);
    }

    /** Binds a Unix-domain socket for datagrams. */
    public static Bound bindDatagram(SocketAddress address, Settings settings) throws IOException {
        return bind(address, Constants.SOCK_DGRAM, Kind.MESSAGE_SOCKET, settings);
    }

    /** A socket, and the file that it made, if it made one. */
    public record Bound(OpenDescriptor socket, @Nullable SocketFile file) {}

    private static Bound bind(SocketAddress address, int type, Kind kind, Settings settings) throws IOException {
        String name = SocketAddresses.describe(address);
        CallState state = CallState.acquire();
        try {
            int domain = domain(address, settings.family());
            int fd = SocketCalls.socket(state, domain, type);
            if (fd == -Errno.EAFNOSUPPORT && settings.family() == null && isWildcard(address)) {
                domain = Constants.AF_INET; // a machine without IPv6
                fd = SocketCalls.socket(state, domain, type);
            }
            if (fd < 0) {
                throw SocketFailures.bind("socket for", name, -fd);
            }
            try {
                int listening = fd;
                SocketFile.Listen listen = () -> {
                    if (kind.isListener()) {
                        check("listen", name, SocketCalls.listen(state, listening, settings.backlog()));
                    }
                };
                @Nullable SocketFile file = prepareAndBind(state, fd, domain, address, name, settings, listen);
                String bound = boundName(state, fd, address, name);
                return new Bound(
                        file == null ? Opening.socket(fd, bound, kind) : Opening.socket(fd, bound, kind, file), file);
            } catch (Throwable failure) {
                FileCalls.close(state, fd);
                throw failure;
            }
        } finally {
            state.release();
        }
    }

    /** What failures call it: by the port that the kernel chose, where it was to choose one. */
    private static String boundName(CallState state, int fd, SocketAddress address, String name) throws IOException {
        if (!(address instanceof InetSocketAddress inet) || inet.getPort() != 0) {
            return name;
        }
        return Sockets.name(state, fd, false, name) instanceof InetSocketAddress known
                ? SocketAddresses.describe(new InetSocketAddress(inet.getAddress(), known.getPort()))
                : name;
    }

    private static @Nullable SocketFile prepareAndBind(
            CallState state,
            int fd,
            int domain,
            SocketAddress address,
            String name,
            Settings settings,
            SocketFile.Listen listen)
            throws IOException {
        if (domain == Constants.AF_INET6) {
            boolean both = settings.family() == null;
            SocketCalls.setIntOption(state, fd, Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY, both ? 0 : 1);
        }
        if (domain != Constants.AF_UNIX) {
            // A server that is started again need not wait for its old connections to be forgotten: socket(7).
            SocketCalls.setIntOption(state, fd, Constants.SOL_SOCKET, Constants.SO_REUSEADDR, 1);
            // What is accepted inherits it.
            SocketCalls.setIntOption(state, fd, Constants.IPPROTO_TCP, Constants.TCP_NODELAY, 1);
        }
        SocketOptions.setAll(state, fd, name, settings.options());
        if (address instanceof UnixDomainSocketAddress unix
                && !SocketAddresses.isAbstract(unix)
                && !unix.getPath().toString().isEmpty()) {
            return SocketFile.bind(state, fd, unix, settings.mode(), listen);
        }
        try (Arena arena = Arena.ofConfined()) {
            check("bind", name, SocketCalls.bind(state, fd, SocketAddresses.encode(arena, address, domain)));
        }
        listen.run();
        return null;
    }

    private static void check(String call, String name, int result) throws IOException {
        if (result < 0) {
            throw SocketFailures.bind(call, name, -result);
        }
    }

    private static int domain(SocketAddress address, @Nullable ProtocolFamily family) {
        if (family instanceof StandardProtocolFamily standard) {
            return SocketAddresses.domain(standard);
        }
        return isWildcard(address) ? Constants.AF_INET6 : SocketAddresses.domain(address);
    }

    private static boolean isWildcard(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && inet.getAddress().isAnyLocalAddress();
    }
}
