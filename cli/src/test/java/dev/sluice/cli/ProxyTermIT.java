// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the proxy ends: no new connections, and time for those under way. */
class ProxyTermIT {
    private static Duration awaitExit(RunningProxy proxy, int expected) throws Exception {
        long start = System.nanoTime();
        assertThat(proxy.exit()).isEqualTo(expected);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void withoutConnectionsItEndsAtOnce(String signal) throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start()) {
            proxy.signal(signal);
            assertThat(awaitExit(proxy, signal.equals("TERM") ? 143 : 130)).isLessThan(Duration.ofSeconds(3));
            assertThat(proxy.said()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionsUnderWayFinish(Place.Kind kind) throws Exception {
        try (Place place = kind.open();
                RunningProxy proxy = place.start("--grace", "30s");
                Relayed pair = place.relayed();
                Relayed half = place.relayed()) {
            Sequence.send(pair.client(), 0, 10);
            assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
            half.client().shutdownOutput();
            Sequence.assertEnd(half.server());

            proxy.signal("TERM");
            Await.until(() -> !proxy.listens());
            assertThatThrownBy(place::connect).isInstanceOf(IOException.class);

            Running<?> flow = OnThread.PLATFORM.run(() -> {
                Sequence.send(pair.client(), 10, 5_000_000);
                pair.client().shutdownOutput();
            });
            Sequence.receiveToEnd(pair.server(), 10, 5_000_000);
            flow.get();
            Sequence.send(pair.server(), 0, 1000);
            pair.server().close();
            Sequence.receiveToEnd(pair.client(), 0, 1000);
            assertThat(proxy.process().isAlive()).isTrue();
            Sequence.send(half.server(), 0, 1000);
            half.server().close();
            Sequence.receiveToEnd(half.client(), 0, 1000);

            // The last one is over: there is nothing left to wait for.
            assertThat(awaitExit(proxy, 143)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void graceEnds() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--grace", "500ms");
                Relayed quiet = place.relayed();
                Relayed stalled = place.relayed()) {
            Sequence.send(quiet.client(), 0, 10);
            assertThat(Sequence.receive(quiet.server(), 0, 10)).isEqualTo(10);
            Sequence.fill(stalled.client(), 0, Long.MAX_VALUE, 100);
            long start = System.nanoTime();
            proxy.signal("TERM");
            awaitExit(proxy, 143);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(5));
            assertThat(Sequence.receiveWhatComes(quiet.client(), 0).position()).isZero();
            // It has not got all: it must not take what it has for all there is.
            assertThat(Sequence.receiveWhatComes(stalled.server(), 0).reset()).isTrue();
        }
    }
}
