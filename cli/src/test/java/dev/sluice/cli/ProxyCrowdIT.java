// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many connections at once: what they cost while nothing moves, and how many there may be. */
class ProxyCrowdIT {
    private static final int CROWD = 200;

    @ParameterizedTest
    @EnumSource
    void idleAndHalfClosedOnesCostNothing(Place.Kind kind) throws Exception {
        List<Relayed> crowd = new ArrayList<>();
        try (Place place = kind.open();
                RunningProxy proxy = place.start()) {
            try {
                for (int n = 0; n < CROWD; n++) {
                    Relayed pair = place.relayed();
                    crowd.add(pair);
                    Sequence.send(pair.client(), 0, 10);
                    assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
                    switch (n % 4) {
                        case 0 -> pair.client().shutdownOutput();
                        case 1 -> pair.server().shutdownOutput();
                        default -> {}
                    }
                }
                // Two whose readers are stuck, and one of those is half-closed too.
                Sequence.fill(crowd.get(2).client(), 10, Long.MAX_VALUE, 200);
                Sequence.fill(crowd.get(0).server(), 0, Long.MAX_VALUE, 200);
                for (int n = 0; n < CROWD; n += 4) {
                    Sequence.assertEnd(crowd.get(n).server());
                    Sequence.assertEnd(crowd.get(n + 1).client());
                }
                long millis = proxy.awaitIdleSecond();
                System.out.println(kind + ": " + CROWD + " idle connections took " + millis + " ms of a second");
                assertThat(proxy.process().isAlive()).isTrue();
                // None holds a thread or a pipe, but for the two in whose pipes something is stuck.
                assertThat(Processes.threads(proxy.process())).hasSizeLessThan(40);
                assertThat(proxy.open("pipe:")).isLessThan(40);

                // And all of them are as good as before.
                for (int n = 0; n < CROWD; n++) {
                    Relayed pair = crowd.get(n);
                    if (n % 4 != 1 && n != 0) {
                        Sequence.send(pair.server(), 0, 10);
                        assertThat(Sequence.receive(pair.client(), 0, 10)).isEqualTo(10);
                    }
                }
            } finally {
                for (Relayed pair : crowd) {
                    pair.close();
                }
            }
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void thoseWhoComeAtOnceAreAllServed() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start()) {
            Running<?> server = OnThread.VIRTUAL.run(() -> {
                for (int n = 0; n < CROWD; n++) {
                    SocketChannel accepted = place.accept();
                    Thread.ofVirtual().start(() -> {
                        try (accepted) {
                            Sequence.receiveToEnd(accepted, 0, 100_000);
                            Sequence.send(accepted, 7, 100_000);
                        } catch (Exception failed) {
                            throw new AssertionError(failed);
                        }
                    });
                }
            });
            List<Running<?>> clients = new ArrayList<>();
            for (int n = 0; n < CROWD; n++) {
                clients.add(OnThread.VIRTUAL.run(() -> {
                    try (SocketChannel client = place.connect()) {
                        Sequence.send(client, 0, 100_000);
                        client.shutdownOutput();
                        Sequence.receiveToEnd(client, 7, 100_000);
                    }
                }));
            }
            for (Running<?> client : clients) {
                client.get();
            }
            server.get();
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void asManyThreadsRelayAsAreAskedFor() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--threads", "1")) {
            exchange(place);
            // The JDK adds one where another is in a call that may be slow, and keeps it for a while.
            assertThat(carriers(proxy)).isBetween(1L, 3L);
        }
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--threads", "8")) {
            Awaitility.await().pollDelay(Duration.ZERO).until(() -> {
                exchange(place);
                return carriers(proxy) > 4;
            });
        }
    }

    private static void exchange(Place place) throws Exception {
        List<Relayed> crowd = new ArrayList<>();
        try {
            for (int n = 0; n < 50; n++) {
                crowd.add(place.relayed());
            }
            for (Relayed pair : crowd) {
                Sequence.send(pair.client(), 0, 10);
            }
            for (Relayed pair : crowd) {
                assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
            }
        } finally {
            for (Relayed pair : crowd) {
                pair.close();
            }
        }
    }

    private static long carriers(RunningProxy proxy) throws IOException {
        return Processes.threads(proxy.process()).stream()
                .filter(name -> name.startsWith("ForkJoinPool-1-"))
                .count();
    }

    @Test
    void oneTooManyWaitsAndIsNotRefused() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--max-connections", "2");
                Relayed first = place.relayed();
                Relayed second = place.relayed();
                SocketChannel third = place.connect();
                SocketChannel fourth = place.connect()) {
            Sequence.send(third, 0, 10);
            Running<Relayed> waiting = OnThread.PLATFORM.call(() -> new Relayed(third, place.accept()));
            // The two work, and the target sees no other.
            for (Relayed pair : List.of(first, second)) {
                Sequence.send(pair.client(), 0, 10);
                assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
            }
            assertThat(Running.staysWaiting(waiting)).isTrue();

            // A place is free when both directions are over, not before.
            first.client().shutdownOutput();
            Sequence.assertEnd(first.server());
            assertThat(Running.staysWaiting(waiting)).isTrue();
            first.close();
            try (Relayed pair = waiting.get()) {
                assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
                Running<SocketChannel> last = OnThread.PLATFORM.call(place::accept);
                assertThat(Running.staysWaiting(last)).isTrue();
                // One that breaks frees its place too.
                Relayed.reset(second.client());
                Sequence.send(fourth, 0, 10);
                try (SocketChannel accepted = last.get()) {
                    assertThat(Sequence.receive(accepted, 0, 10)).isEqualTo(10);
                }
            }
            assertThat(proxy.said()).isEmpty();
        }
    }
}
