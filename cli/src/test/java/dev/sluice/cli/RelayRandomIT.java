// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sequence.Ending;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Many connections at once, whose ends send, pause, half-close and reset as a die decides. */
class RelayRandomIT extends RelayTests {
    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = 3;

    /**
     * What one end does.
     *
     * @param bytes how many it sends
     * @param chunk how many at a time, at most
     * @param reset whether it resets the connection after that; else it half-closes
     */
    private record Part(long bytes, int chunk, boolean reset) {
        static Part by(Random die) {
            long bytes = (long) Math.pow(10, die.nextDouble(0, 6));
            return new Part(bytes, 1 << die.nextInt(8, 20), die.nextInt(6) == 0);
        }

        void play(SocketChannel channel) throws IOException {
            for (long position = 0; position < bytes; position += chunk) {
                Sequence.send(channel, position, Math.min(bytes, position + chunk));
            }
            if (reset) {
                Relayed.reset(channel);
            } else {
                channel.shutdownOutput();
            }
        }
    }

    @Test
    void eachByteArrivesOrItsLossIsTold() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RelayRandomIT: seed " + seed);
        Random die = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            CyclicBarrier start = new CyclicBarrier(CONNECTIONS);
            List<Running<?>> games = new ArrayList<>();
            for (int n = 0; n < CONNECTIONS; n++) {
                Part client = Part.by(die);
                Part server = Part.by(die);
                Relayed pair = connect();
                games.add(OnThread.PLATFORM.run(() -> {
                    start.await();
                    try (pair) {
                        play(pair, client, server);
                    }
                }));
            }
            for (Running<?> game : games) {
                game.get();
            }
            nothingIsLeftInTheProxy();
        }
    }

    private void play(Relayed pair, Part client, Part server) throws Exception {
        Running<Ending> toServer = receivingWhatComes(pair.server(), 0);
        Running<Ending> toClient = receivingWhatComes(pair.client(), 0);
        Running<?> forth = OnThread.PLATFORM.run(() -> client.play(pair.client()));
        Running<?> back = OnThread.PLATFORM.run(() -> server.play(pair.server()));
        if (!client.reset() && !server.reset()) {
            forth.get();
            back.get();
            assertThat(toServer.get()).isEqualTo(new Ending(client.bytes(), false));
            assertThat(toClient.get()).isEqualTo(new Ending(server.bytes(), false));
            return;
        }
        check(client, server, toServer, isTold(back));
        check(server, client, toClient, isTold(forth));
    }

    /** What came to who has not reset the connection himself is whole, or he is told that it is not. */
    private void check(Part sent, Part receiver, Running<Ending> arrival, boolean told) throws Exception {
        if (receiver.reset()) {
            isTold(arrival);
            return;
        }
        Ending ending = arrival.get();
        // The kernel tells of a reset once: who was told by a write reads what looks like an end.
        if (knowsResets() && !told && !ending.reset()) {
            assertThat(ending.position()).as("%s to %s", sent, receiver).isEqualTo(sent.bytes());
        }
    }

    /** Waits until it is over; whether it was broken off by a reset. */
    private static boolean isTold(Running<?> running) throws Exception {
        try {
            running.get();
            return false;
        } catch (IOException brokenOff) {
            return true;
        }
    }
}
