// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies from and to sockets whose messages have boundaries, which a splice would lose. */
@ExtendWith(NothingLeft.class)
class CopyMessagesTest {
    @ParameterizedTest
    @EnumSource
    void aMessageOfNoBytesIsNoEnd(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_DGRAM);
        try (Descriptor from = pair[0];
                Descriptor peer = pair[1];
                Pipe to = Pipe.open()) {
            Bytes.write(peer, "one");
            Libc.send(Numbers.of(peer), new byte[0]);
            Bytes.write(peer, "two");
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run()).awaitWaiting();
            assertThat(Bytes.read(to.source())).isEqualTo("onetwo");
            copy.interrupt();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.INTERRUPTED);
            assertThat(copy.get().copied()).isEqualTo(6);
            assertThat(copy.get().refusals()).as("nor was a splice tried").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfAConnectionIsTheEnd(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_SEQPACKET);
        try (Descriptor from = pair[0];
                Descriptor peer = pair[1];
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).run());
            Bytes.write(peer, "a record");
            Libc.send(Numbers.of(peer), new byte[0]);
            Bytes.write(peer, ", and another");
            peer.close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().spliced()).isZero();
            to.sink().close();
            assertThat(Bytes.readAll(to.source())).asString().isEqualTo("a record, and another");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatWillSendNoMoreIsTheEnd(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_SEQPACKET);
        try (Descriptor from = pair[0];
                Descriptor peer = pair[1];
                Pipe to = Pipe.open()) {
            Bytes.write(peer, "the last record");
            Libc.shutDownWriting(peer);
            CopyResult result =
                    kind.call(() -> Copy.from(from).to(to.sink()).run()).get();
            assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(Bytes.read(to.source())).isEqualTo("the last record");
            assertThat(kind.call(() -> Bytes.read(from)).get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesGoFromSocketToSocketWhole(OnThread kind) throws Exception {
        byte[] one = Bytes.noise(200_000, 1);
        byte[] other = Bytes.noise(3, 2);
        try (MessageSocket.Pair from = MessageSocket.pair(MessageSocket.Type.SEQPACKET);
                MessageSocket.Pair to = MessageSocket.pair(MessageSocket.Type.DATAGRAM)) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.other()).to(to.one()).run());
            for (byte[] message : new byte[][] {one, other, one}) {
                from.one().send(ByteBuffer.wrap(message));
                ByteBuffer got = ByteBuffer.allocate(200_001);
                assertThat(to.other().receive(got).length()).isEqualTo(message.length);
                assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(message));
            }
            from.one().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().bytes()).isEqualTo(400_003);
            assertThat(copy.get().spliced()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLimitLosesNothingOfAMessage(OnThread kind) throws Exception {
        try (MessageSocket.Pair from = MessageSocket.pair(MessageSocket.Type.SEQPACKET);
                Pipe to = Pipe.open()) {
            from.one().send(Bytes.of("0123456789"));
            from.one().send(Bytes.of("abc"));
            Copy copy = Copy.from(from.other()).to(to.sink()).limit(4);
            CopyResult first = kind.call(copy::run).get();
            assertThat(first.end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(first.bytes()).isEqualTo(4);
            assertThat(first.inTransit()).isEqualTo(6);
            assertThat(kind.call(copy::run).get().bytes()).isEqualTo(4);
            assertThat(kind.call(copy::run).get().bytes()).isEqualTo(4);
            assertThat(Bytes.read(to.source())).isEqualTo("0123456789ab");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachAmountReadIsAMessageWritten(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_DGRAM);
        try (Pipe from = Pipe.open();
                Descriptor to = pair[0];
                Descriptor peer = pair[1]) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(to).run());
            for (String message : new String[] {"one", "two", "three"}) {
                Bytes.write(from.sink(), message);
                assertThat(Bytes.read(peer)).isEqualTo(message);
            }
            from.sink().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().spliced()).isZero();
        }
    }
}
