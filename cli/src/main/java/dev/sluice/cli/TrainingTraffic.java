// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import dev.sluice.Connection;
import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What goes through a proxy while the JVM records for the start-up cache: see {@link Training}. */
final class TrainingTraffic {
    private static final int MESSAGES = 20_000;
    private static final int MESSAGE_BYTES = 100;
    private static final int FLOW_CHUNKS = 4_000;
    private static final int FLOW_CHUNK = 256 * 1024;

    private static final int CONNECT_PAUSE_MILLIS = 5;

    /** Ten seconds: where the loopback interface is down, each fails while the proxy listens. */
    private static final int MOST_CONNECTS = 2_000;

    private TrainingTraffic() {}

    /**
     * Small messages and then a flow, there and back: what the JVM learns of their code is in the cache too. Where there
     * is no network that is left out, and nothing else.
     */
    static void pass() throws InterruptedException {
        try {
            passByTcp();
        } catch (IOException noNetwork) {
            // then the cache is without it
        }
    }

    private static void passByTcp() throws InterruptedException, IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        int front;
        try (Listener unused = Listener.open(new InetSocketAddress(here, 0))) {
            front = port(unused);
        }
        try (Listener back = Listener.open(new InetSocketAddress(here, 0))) {
            int target = port(back);
            Thread server = Thread.ofVirtual().start(() -> echo(back));
            Thread proxy = Thread.ofPlatform()
                    .start(() -> Main.run("proxy", "tcp:127.0.0.1:" + front, "tcp:127.0.0.1:" + target));
            @Nullable Connection client = null;
            for (int i = 0; client == null && proxy.isAlive() && i < MOST_CONNECTS; i++) {
                try {
                    client = Connection.connect(new InetSocketAddress(here, front));
                } catch (IOException notYet) {
                    Thread.sleep(CONNECT_PAUSE_MILLIS);
                }
            }
            if (client != null) {
                Connection connected = client;
                Thread talk = Thread.ofVirtual().start(() -> talk(connected));
                talk.join();
            }
            proxy.interrupt();
            proxy.join();
            back.close();
            server.join();
        }
    }

    private static int port(Listener listener) throws IOException {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private static void echo(Listener listener) {
        try (Connection connection = listener.accept()) {
            CopyResult ignored = Copy.from(connection).to(connection).run();
        } catch (IOException closed) {
            // the training is over
        }
    }

    private static void talk(Connection connection) {
        try (connection) {
            ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);
            for (int i = 0; i < MESSAGES; i++) {
                connection.write(message.clear());
                connection.read(message.clear());
            }
            Thread writer = Thread.ofVirtual().start(() -> flow(connection));
            ByteBuffer much = ByteBuffer.allocateDirect(FLOW_CHUNK);
            while (connection.read(much.clear()) >= 0) {
                // to the end
            }
            writer.join();
        } catch (IOException | InterruptedException closed) {
            // the proxy says why
        }
    }

    private static void flow(Connection connection) {
        try {
            ByteBuffer much = ByteBuffer.allocateDirect(FLOW_CHUNK);
            for (int i = 0; i < FLOW_CHUNKS; i++) {
                connection.write(much.clear());
            }
            connection.shutdownWrite();
        } catch (IOException closed) {
            // likewise
        }
    }
}
