// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cli.Relayed.End;
import dev.sluice.cli.Sequence.Ending;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a connection through the proxy ends: by halves, at once, or badly; and what the other end then sees. */
class RelayEndsIT extends RelayTests {
    @Test
    void bothWaysAtOnce() throws Exception {
        try (Relayed pair = connect()) {
            Running<?> there = sending(pair.client(), 0, 8 * MEGABYTE);
            Running<?> back = sending(pair.server(), 5, 9 * MEGABYTE);
            Running<Long> arrived = receiving(pair.server(), 0, 8 * MEGABYTE);
            assertThat(Sequence.receive(pair.client(), 5, 9 * MEGABYTE)).isEqualTo(9 * MEGABYTE);
            assertThat(arrived.get()).isEqualTo(8 * MEGABYTE);
            there.get();
            back.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneHalfClosesAndReadsOn(End end) throws Exception {
        try (Relayed pair = connect()) {
            SocketChannel near = pair.at(end);
            SocketChannel far = pair.beyond(end);
            Sequence.send(near, 0, 100);
            near.shutdownOutput();
            Sequence.receiveToEnd(far, 0, 100);
            // An answer in two parts, to one who has long said all.
            Sequence.send(far, 0, 10);
            assertThat(Sequence.receive(near, 0, 10)).isEqualTo(10);
            Running<?> rest = OnThread.PLATFORM.run(() -> {
                Sequence.send(far, 10, 3 * MEGABYTE);
                far.shutdownOutput();
            });
            Sequence.receiveToEnd(near, 10, 3 * MEGABYTE);
            rest.get();
        }
    }

    @Test
    void bothHalfCloseAtOnceWithoutAWord() throws Exception {
        try (Relayed pair = connect()) {
            pair.client().shutdownOutput();
            pair.server().shutdownOutput();
            Sequence.assertEnd(pair.client());
            Sequence.assertEnd(pair.server());
            // Both directions are over: the proxy lets go, though neither end has closed.
            nothingIsLeftInTheProxy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneClosesAfterItsLastByte(End end) throws Exception {
        try (Relayed pair = connect()) {
            SocketChannel far = pair.beyond(end);
            Running<?> all = OnThread.PLATFORM.run(() -> {
                Sequence.send(pair.at(end), 0, 5 * MEGABYTE);
                pair.at(end).close();
            });
            Sequence.receiveToEnd(far, 0, 5 * MEGABYTE);
            all.get();
            // Nobody is there who hears what is said now, and who says it is told.
            assertThatThrownBy(() -> Sequence.send(far, 0, 64 * MEGABYTE)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneResetsAQuietConnection(End end) throws Exception {
        try (Relayed pair = connect()) {
            Sequence.send(pair.client(), 0, 10);
            assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
            Running<Ending> other = receivingWhatComes(pair.beyond(end), 0);
            Relayed.reset(pair.at(end));
            assertThat(other.get()).isEqualTo(new Ending(0, knowsResets()));
            nothingIsLeftInTheProxy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneResetsWhileItIsSentTo(End end) throws Exception {
        try (Relayed pair = connect()) {
            Running<?> flow = sending(pair.beyond(end), 0, Long.MAX_VALUE);
            assertThat(Sequence.receive(pair.at(end), 0, MEGABYTE)).isEqualTo(MEGABYTE);
            Relayed.reset(pair.at(end));
            assertThat(flow.failure()).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneResetsWhileItSends(End end) throws Exception {
        try (Relayed pair = connect()) {
            Running<Ending> other = receivingWhatComes(pair.beyond(end), 0);
            Sequence.send(pair.at(end), 0, 4 * MEGABYTE);
            Relayed.reset(pair.at(end));
            // What was on its way may be lost; so nobody may take what has come for all there is.
            assertThat(other.get().reset()).isEqualTo(knowsResets());
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneResetsAfterTheOtherHasHalfClosed(End end) throws Exception {
        try (Relayed pair = connect()) {
            pair.beyond(end).shutdownOutput();
            Sequence.assertEnd(pair.at(end));
            Relayed.reset(pair.at(end));
            assertThat(Sequence.receiveWhatComes(pair.beyond(end), 0)).isEqualTo(new Ending(0, knowsResets()));
            nothingIsLeftInTheProxy();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneResetsAfterItHasHalfClosed(End end) throws Exception {
        try (Relayed pair = connect()) {
            Sequence.send(pair.at(end), 0, 10);
            pair.at(end).shutdownOutput();
            Sequence.receiveToEnd(pair.beyond(end), 0, 10);
            Relayed.reset(pair.at(end));
            // The other one, which has been told of the end already, has not said a word since.
            nothingIsLeftInTheProxy();
            assertThatThrownBy(() -> Sequence.send(pair.beyond(end), 0, 64 * MEGABYTE))
                    .isInstanceOf(IOException.class);
        }
    }
}
