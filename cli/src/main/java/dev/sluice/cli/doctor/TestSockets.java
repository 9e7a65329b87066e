// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.Connection;
import dev.sluice.Descriptor;
import dev.sluice.Listener;
import dev.sluice.cli.doctor.TestEnds.Destination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Connected sockets that the self-test copies between. */
final class TestSockets {
    private final Path folder;
    private final byte[] data;

    /**
     * @param folder where socket files may be made
     * @param data what comes from each source
     */
    TestSockets(Path folder, byte[] data) {
        this.folder = folder;
        this.data = data;
    }

    static boolean hasIpv6() {
        return Files.exists(Path.of("/proc/net/if_inet6"));
    }

    Descriptor fromTcp() throws IOException {
        return from(loopback("127.0.0.1"));
    }

    Destination toTcp() throws IOException {
        return to(loopback("127.0.0.1"));
    }

    Descriptor fromTcp6() throws IOException {
        return from(loopback("::1"));
    }

    Destination toTcp6() throws IOException {
        return to(loopback("::1"));
    }

    Descriptor fromUnix() throws IOException {
        return from(UnixDomainSocketAddress.of(folder.resolve("socket")));
    }

    Destination toUnix() throws IOException {
        return to(UnixDomainSocketAddress.of(folder.resolve("socket")));
    }

    private static InetSocketAddress loopback(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
    }

    private Descriptor from(SocketAddress address) throws IOException {
        Connection.Pair pair = connected(address);
        TestEnds.write(pair.one(), data);
        return pair.other();
    }

    private static Destination to(SocketAddress address) throws IOException {
        Connection.Pair pair = connected(address);
        return new Destination(pair.one(), TestEnds.read(pair.other()));
    }

    private static Connection.Pair connected(SocketAddress address) throws IOException {
        try (Listener listener = Listener.open(address)) {
            Connection one = Connection.connect(listener.localAddress());
            return new Connection.Pair(one, listener.accept());
        }
    }
}
