// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.ConnectionSetup;
import dev.sluice.Listener;
import dev.sluice.ListenerSetup;
import dev.sluice.cli.Fault;
import dev.sluice.cli.UsageException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;

/**
 * {@code HOST:PORT}, with an IPv6 address in brackets.
 *
 * @param host without brackets; empty for loopback, and {@code *} for every address, where something listens
 */
public record TcpPlace(String text, String host, int port) implements SocketPlace {
    private static final int HIGHEST_PORT = 65535;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String ALL = "*";

    /** Reads where to connect to, from what stands behind the scheme. */
    static TcpPlace target(String text, String rest) {
        TcpPlace place = parse(text, rest, 1);
        if (place.host.isEmpty()) {
            throw new UsageException(text + " lacks a host, as in tcp:localhost:80");
        }
        if (place.host.equals(ALL)) {
            throw new UsageException(text + ": to connect needs one host, as in tcp:localhost:" + place.port);
        }
        return place;
    }

    /** Reads where to listen, {@code [HOST:]PORT}, from what stands behind the scheme. */
    public static TcpPlace listening(String text, String rest) {
        return parse(text, rest, 0);
    }

    private static TcpPlace parse(String text, String rest, int lowestPort) {
        int colon = rest.lastIndexOf(':');
        if ((colon > 0 && rest.endsWith(":")) || (colon < 0 && !rest.matches("[-+]?\\d+"))) {
            throw new UsageException(
                    text + " lacks a port, as in " + SocketPlace.scheme(text) + ":" + named(rest) + ":80");
        }
        String host = rest.substring(0, Math.max(0, colon));
        if (colon == 0) {
            throw new UsageException(text + " lacks a host before the colon, as in tcp:localhost:80"
                    + (lowestPort == 0 ? " or tcp:*:80" : ""));
        }
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || !isIpv6(host.substring(1, host.length() - 1))) {
                throw new UsageException(text + ": no IPv6 address and port, as in tcp:[::1]:80");
            }
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new UsageException(text + ": an IPv6 address stands in brackets, as in tcp:[::1]:80");
        }
        return new TcpPlace(text, host, port(text, rest.substring(colon + 1), lowestPort));
    }

    /** The host of an address that has perhaps nothing else. */
    private static String named(String rest) {
        return rest.matches("[\\w.-]+:?") ? rest.replace(":", "") : "localhost";
    }

    private static boolean isIpv6(String host) {
        try {
            return host.indexOf(':') >= 0 && InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static int port(String text, String digits, int lowest) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= lowest && port <= HIGHEST_PORT && Character.isDigit(digits.charAt(0))) {
                return port;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new UsageException(
                AddressParser.about(text) + "'" + digits + "' is no port, which is " + lowest + " to " + HIGHEST_PORT);
    }

    @Override
    public ConnectionSetup connection() {
        return Connection.to(host, port);
    }

    @Override
    public ListenerSetup listener() throws IOException {
        if (host.equals(ALL)) {
            return Listener.at(new InetSocketAddress(port));
        }
        InetAddress address = resolve(host.isEmpty() ? LOOPBACK : host);
        ListenerSetup setup = Listener.at(new InetSocketAddress(address, port));
        // The library takes either wildcard for both families; who writes 0.0.0.0 means IPv4.
        return address instanceof Inet4Address && address.isAnyLocalAddress()
                ? setup.family(StandardProtocolFamily.INET)
                : setup;
    }

    private static InetAddress resolve(String host) throws IOException {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return lookUp(host);
        }
    }

    private static InetAddress lookUp(String host) throws IOException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new Fault("resolve " + host + ": no such host is known");
        }
    }

    @Override
    public String textOf(Listener listener) throws IOException {
        int chosen = listener.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : port;
        String name = host.isEmpty() ? LOOPBACK : host;
        return "tcp:" + (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + chosen;
    }
}
