// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Connection;
import dev.sluice.Copy;
import dev.sluice.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server that says what it hears: each connection is copied onto itself, by a virtual thread of its own. */
public final class Echo {
    private Echo() {}

    public static void main(String... args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 7007;
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            IO.println("echoing at " + listener.localAddress());
            for (;;) {
                Connection connection = listener.accept();
                Thread.startVirtualThread(() -> echo(connection));
            }
        }
    }

    private static void echo(Connection connection) {
        try (connection) {
            Copy.from(connection).to(connection).run(); // to the end of what the peer says
        } catch (IOException reset) {
            System.err.println(reset.getMessage());
        }
    }
}
