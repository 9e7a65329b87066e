// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Relayed.End;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the flow of one end holds back that of the other, and nothing else. */
class RelayFlowIT extends RelayTests {
    /** In how many milliseconds without a byte a flow has come to rest. */
    private static final long REST = 300;

    // Four sockets' buffers, of which the kernel makes those with a slow reader no larger than a few megabytes, and a
    // pipe. Without back-pressure all would be taken.
    private static final long MOST_IN_BUFFERS = 48L * MEGABYTE;
    private static final long ALL = 512L * MEGABYTE;

    @ParameterizedTest
    @EnumSource
    void aSlowReaderHoldsItsSenderBackAndNobodyElse(End end) throws Exception {
        try (Relayed pair = connect();
                Relayed other = connect()) {
            SocketChannel sender = pair.at(end);
            SocketChannel reader = pair.beyond(end);
            long resident = proxy().resident();
            long sent = Sequence.fill(sender, 0, ALL, REST);
            assertThat(sent).isLessThan(MOST_IN_BUFFERS);
            assertThat(proxy().resident() - resident).isLessThan(32 * MEGABYTE);

            // The way back is free, and so are other connections.
            Running<?> back = sending(reader, 0, MEGABYTE);
            assertThat(receiving(sender, 0, MEGABYTE).get()).isEqualTo(MEGABYTE);
            back.get();
            Sequence.send(other.client(), 0, 100);
            assertThat(Sequence.receive(other.server(), 0, 100)).isEqualTo(100);

            Running<?> rest = OnThread.PLATFORM.run(() -> {
                Sequence.send(sender, sent, sent + 8 * MEGABYTE);
                sender.shutdownOutput();
            });
            Sequence.receiveToEnd(reader, 0, sent + 8 * MEGABYTE);
            rest.get();
        }
    }

    @Test
    void twoWhoFillEachOtherUpAndThenRead() throws Exception {
        try (Relayed pair = connect()) {
            long there = Sequence.fill(pair.client(), 0, ALL, REST);
            long back = Sequence.fill(pair.server(), 7, ALL, REST);
            assertThat(there).isLessThan(MOST_IN_BUFFERS);
            assertThat(back).isLessThan(MOST_IN_BUFFERS);
            Running<Long> arrived = receiving(pair.server(), 0, there);
            assertThat(Sequence.receive(pair.client(), 7, back)).isEqualTo(back);
            assertThat(arrived.get()).isEqualTo(there);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatIsSlowAndThenGone(End end) throws Exception {
        try (Relayed pair = connect()) {
            long sent = Sequence.fill(pair.at(end), 0, ALL, REST);
            Running<?> rest = sending(pair.at(end), sent, ALL);
            Relayed.reset(pair.beyond(end));
            assertThat(rest.failure()).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSenderThatIsGoneWhileItsReaderIsSlow(End end) throws Exception {
        try (Relayed pair = connect()) {
            long sent = Sequence.fill(pair.at(end), 0, ALL, REST);
            pair.at(end).close();
            // It has closed, not reset: all that it was rid of is delivered.
            Sequence.receiveToEnd(pair.beyond(end), 0, sent);
        }
    }

    /**
     * A message comes in two parts, the second one when the first has arrived. A socket that waits for an
     * acknowledgement before it sends the second one (RFC 896) waits 40 ms: the peer delays it until it has something
     * to say itself.
     */
    @ParameterizedTest
    @EnumSource
    void smallMessagesAreNotHeldBack(End end) throws Exception {
        int rounds = 50;
        try (Relayed pair = connect()) {
            SocketChannel near = pair.at(end);
            SocketChannel far = pair.beyond(end);
            noDelay(near);
            noDelay(far);
            long start = System.nanoTime();
            for (int round = 0; round < rounds; round++) {
                Sequence.send(near, 0, 10);
                assertThat(Sequence.receive(far, 0, 10)).isEqualTo(10);
                Sequence.send(near, 10, 30);
                assertThat(Sequence.receive(far, 10, 30)).isEqualTo(30);
                Sequence.send(far, 0, 5);
                assertThat(Sequence.receive(near, 0, 5)).isEqualTo(5);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(25L * rounds));
        }
    }

    private static void noDelay(SocketChannel channel) throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }
}
