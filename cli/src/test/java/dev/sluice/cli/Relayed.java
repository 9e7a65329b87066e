// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A connection through the proxy, seen from without.
 *
 * @param client the end of who has connected
 * @param server the end of who has accepted
 */
record Relayed(SocketChannel client, SocketChannel server) implements AutoCloseable {
    /** Who acts, where both do alike. */
    enum End {
        CLIENT,
        SERVER
    }

    /** This end. */
    SocketChannel at(End end) {
        return end == End.CLIENT ? client : server;
    }

    /** The other end. */
    SocketChannel beyond(End end) {
        return end == End.CLIENT ? server : client;
    }

    /** Ends a connection by a reset: what is on its way in either direction is dropped. A Unix socket just closes. */
    static void reset(SocketChannel channel) throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        channel.close();
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
