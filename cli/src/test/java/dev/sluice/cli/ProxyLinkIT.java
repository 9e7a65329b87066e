// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Relayed.End;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wire that fails in mid-flow. */
class ProxyLinkIT {
    private static final int MEGABYTE = 1 << 20;

    @ParameterizedTest
    @EnumSource
    void aWireThatComesBackLosesNothing(End end) throws Exception {
        try (Place place = Place.Kind.WIRE.open();
                RunningProxy proxy = place.start();
                Relayed pair = place.relayed()) {
            Running<?> flow = OnThread.PLATFORM.run(() -> {
                Sequence.send(pair.at(end), 0, 64 * MEGABYTE);
                pair.at(end).shutdownOutput();
            });
            assertThat(Sequence.receive(pair.beyond(end), 0, MEGABYTE)).isEqualTo(MEGABYTE);
            Running<Void> rest = OnThread.PLATFORM.call(() -> {
                Sequence.receiveToEnd(pair.beyond(end), MEGABYTE, 64 * MEGABYTE);
                return null;
            });
            place.wire().down();
            long taken = proxy.awaitIdleSecond();
            System.out.println("A flow over a wire that is down took " + taken + " ms of a second");
            assertThat(flow.isDone()).isFalse();
            place.wire().up();
            rest.get();
            flow.get();
            pair.close();
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void aWireThatStaysDownCostsItsConnectionsOnly() throws Exception {
        try (Place place = Place.Kind.WIRE.open();
                RunningProxy proxy = place.start("--idle-timeout", "500ms", "--connect-timeout", "500ms")) {
            try (Relayed stalled = place.relayed();
                    Relayed quiet = place.relayed()) {
                Sequence.send(quiet.client(), 0, 10);
                assertThat(Sequence.receive(quiet.server(), 0, 10)).isEqualTo(10);
                Running<?> flow = OnThread.PLATFORM.run(() -> Sequence.send(stalled.client(), 0, Long.MAX_VALUE));
                assertThat(Sequence.receive(stalled.server(), 0, MEGABYTE)).isEqualTo(MEGABYTE);
                long start = System.nanoTime();
                place.wire().down();
                // Nobody can be told; and the kernel would try for a quarter of an hour.
                proxy.awaitNoConnection();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                place.wire().up();
                // Who speaks now is told that there is no connection any more.
                assertThat(flow.failure()).isInstanceOf(IOException.class);
            }
            try (Relayed next = place.relayed()) {
                Sequence.send(next.client(), 0, 10);
                assertThat(Sequence.receive(next.server(), 0, 10)).isEqualTo(10);
            }
        }
    }
}
