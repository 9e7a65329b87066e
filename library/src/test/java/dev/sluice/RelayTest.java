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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
