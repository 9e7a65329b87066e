// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests of what becomes of connections, at each kind of place. One proxy serves all tests of a class at a place, and
 * none of them may leave anything behind in it.
 */
@ParameterizedClass
@EnumSource(Place.Kind.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set by JUnit, and by what it calls first
abstract class RelayTests {
    static final int MEGABYTE = 1 << 20;

    @Parameter
    private Place.Kind kind;

    private Place place;
    private RunningProxy proxy;

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        place = kind.open();
        proxy = place.start();
    }

    @AfterEach
    void nothingIsLeftInTheProxy() {
        proxy.awaitNoConnection();
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        try (AutoCloseable here = place;
                RunningProxy last = proxy) {
            assertThat(last.process().isAlive()).isTrue();
            // That ends break their connections is daily business.
            assertThat(last.said()).isEmpty();
        }
    }

    final RunningProxy proxy() {
        return proxy;
    }

    final Relayed connect() throws Exception {
        return place.relayed();
    }

    /** Whether a reset can be told from an end: a Unix-domain socket that closes does both alike. */
    final boolean knowsResets() {
        return kind != Place.Kind.UNIX;
    }

    static Running<?> sending(SocketChannel channel, long from, long to) {
        return OnThread.PLATFORM.run(() -> Sequence.send(channel, from, to));
    }

    static Running<Long> receiving(SocketChannel channel, long from, long to) {
        return OnThread.PLATFORM.call(() -> Sequence.receive(channel, from, to));
    }

    static Running<Sequence.Ending> receivingWhatComes(SocketChannel channel, long from) {
        return OnThread.PLATFORM.call(() -> Sequence.receiveWhatComes(channel, from));
    }
}
