// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/** Connected stream sockets in non-blocking mode. */
final class SocketPairs {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private SocketPairs() {}

    static Connection[] unix() throws IOException {
        Connection.Pair pair = Connection.pair();
        return new Connection[] {pair.one(), pair.other()};
    }

    /** TCP by the loopback interface, with buffers as the kernel likes: some MiB. */
    static Connection[] tcp() throws IOException {
        try (Listener listener = Listener.open(ANY_PORT)) {
            Connection one = Connection.connect(listener.localAddress());
            return new Connection[] {one, listener.accept()};
        }
    }

    /** @param buffer bytes that each socket is to buffer per direction, about */
    static Connection[] tcp(int buffer) throws IOException {
        try (Listener listener = Listener.at(ANY_PORT)
                .option(StandardSocketOptions.SO_RCVBUF, buffer) // those accepted inherit it
                .open()) {
            Connection one = Connection.to(listener.localAddress())
                    .option(StandardSocketOptions.SO_SNDBUF, buffer)
                    .option(StandardSocketOptions.SO_RCVBUF, buffer)
                    .connect();
            Connection other = listener.accept();
            other.setOption(StandardSocketOptions.SO_SNDBUF, buffer);
            return new Connection[] {one, other};
        }
    }
}
