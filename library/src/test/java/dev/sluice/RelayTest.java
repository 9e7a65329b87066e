// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one connection says, the other hears; and their ends. */
@ExtendWith(NothingLeft.class)
class RelayTest {
    @Test
    void bothDirectionsFlowAndEachEndTravels() throws Exception {
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Connection client = Connection.connect(listener.localAddress());
                Connection accepted = listener.accept();
                Connection.Pair backend = Connection.pair()) {
            Running<RelayResult> relay = OnThread.VIRTUAL.call(
                    () -> Relay.between(accepted, backend.one()).run());

            client.write(bytes("question"));
            assertThat(read(backend.other(), 8)).isEqualTo("question");
            client.shutdownWrite();
            assertThat(backend.other().read(ByteBuffer.allocate(1))).isEqualTo(-1);
            backend.other().write(bytes("late answer"));
            assertThat(read(client, 11)).isEqualTo("late answer");
            backend.other().shutdownWrite();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);

            RelayResult result = relay.get();
            assertThat(result.forth().bytes()).isEqualTo(8);
            assertThat(result.forth().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(result.back().bytes()).isEqualTo(11);
            assertThat(result.back().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    @Test
    void aResetIsPassedOnAsAReset() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Listener front = Listener.open(any);
                Listener behind = Listener.open(any);
                Connection client = Connection.connect(front.localAddress());
                Connection accepted = front.accept();
                Connection target = Connection.connect(behind.localAddress());
                Connection server = behind.accept()) {
            Running<RelayResult> relay = OnThread.VIRTUAL.call(
                    () -> Relay.between(accepted, target).run());
            client.write(bytes("half a"));
            assertThat(read(server, 6)).isEqualTo("half a");

            client.abort();

            assertThatThrownBy(() -> server.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ECONNRESET");
            assertThat(relay.failure()).isInstanceOf(IOException.class).hasMessageContaining("ECONNRESET");
            assertThat(accepted.isOpen()).isFalse();
            assertThat(target.isOpen()).isFalse();
        }
    }

    /** The kernel tells of a reset once. Here it is a write that is told, and the read beside it finds an end. */
    @Test
    void aResetOfWhichAWriteWasToldIsNoEnd() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Listener front = Listener.open(any);
                Listener behind = Listener.open(any);
                Connection client = Connection.connect(front.localAddress());
                Connection accepted = front.accept();
                Connection target = Connection.connect(behind.localAddress());
                Connection server = behind.accept()) {
            Running<RelayResult> relay = OnThread.VIRTUAL.call(
                    () -> Relay.between(accepted, target).run());
            // Both directions are stuck in a write.
            Running<?> forth = OnThread.VIRTUAL.run(() -> fill(client));
            fill(server);
            forth.get();

            server.abort();

            assertThatThrownBy(() -> readToEnd(client))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ECONNRESET");
            assertThat(relay.failure()).isInstanceOf(IOException.class).hasMessageContaining("ECONNRESET");
        }
    }

    /** Writes as much as is taken. */
    private static void fill(Connection connection) throws IOException {
        try {
            for (;;) {
                connection.setWriteDeadline(Duration.ofMillis(300));
                connection.write(ByteBuffer.allocate(1 << 16));
            }
        } catch (SocketTimeoutException full) {
            connection.clearWriteDeadline();
        }
    }

    private static void readToEnd(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (connection.read(buffer) >= 0) {
            buffer.clear();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Connection connection, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && connection.read(buffer) >= 0) {
            // until all of it is there
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
}
