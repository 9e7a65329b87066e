// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A proxy: each client is relayed to a connection of its own to the target, half-closes and resets included. */
public final class Proxy {
    private Proxy() {}

    public static void main(String... args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7008;
        String host = args.length > 1 ? args[1] : "localhost";
        int hostPort = args.length > 2 ? Integer.parseInt(args[2]) : 7007;
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            IO.println("relaying from " + listener.localAddress() + " to " + host + ":" + hostPort);
            for (;;) {
                Connection client = listener.accept();
                Thread.startVirtualThread(() -> relay(client, host, hostPort));
            }
        }
    }

    private static void relay(Connection client, String host, int port) {
        try (client;
                Connection server = Connection.to(host, port).timeout(Duration.ofSeconds(10)).connect()) {
            Relay.between(client, server).run(); // until both have said their last word
        } catch (IOException failed) {
            System.err.println(failed.getMessage());
        }
    }
}
