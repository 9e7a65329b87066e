// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets that were inherited, in blocking mode: their messages, their ends, and how they hang up. */
@ExtendWith(NothingLeft.class)
class SocketTest {
    @ParameterizedTest
    @EnumSource
    void bytesGoBothWaysAtOnce(OnThread kind) throws Exception {
        byte[] there = Bytes.noise(1_000_003, 1);
        byte[] back = Bytes.noise(1_000_003, 2);
        Descriptor[] pair = Libc.socketPair();
        Running<byte[]> readingThere = kind.call(() -> Bytes.readAll(pair[1]));
        Running<byte[]> readingBack = kind.call(() -> Bytes.readAll(pair[0]));
        Running<Boolean> writingThere = kind.run(() -> {
            pair[0].write(ByteBuffer.wrap(there));
            Libc.shutDownWriting(pair[0]);
        });
        pair[1].write(ByteBuffer.wrap(back));
        Libc.shutDownWriting(pair[1]);
        writingThere.get();
        assertThat(readingThere.get()).isEqualTo(there);
        assertThat(readingBack.get()).isEqualTo(back);
        close(pair);
    }

    @ParameterizedTest
    @EnumSource
    void aWaitIsEndedByDeadlineInterruptAndClose(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair();
        pair[0].setReadDeadline(Duration.ofMillis(20));
        assertThat(kind.call(() -> Bytes.read(pair[0])).failure()).isInstanceOf(SocketTimeoutException.class);
        pair[0].clearReadDeadline();
        Running<String> interrupted = kind.call(() -> Bytes.read(pair[0])).awaitWaiting();
        interrupted.interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
        Running<Integer> writing =
                kind.call(() -> pair[0].write(ByteBuffer.allocate(10_000_000))).awaitWaiting();
        Running<String> reading = kind.call(() -> Bytes.read(pair[0])).awaitWaiting();
        pair[0].close();
        assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThat(writing.failure()).isInstanceOf(AsynchronousCloseException.class);
        close(pair);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOfNoBytesIsNotTheEnd(OnThread kind) throws Exception {
        for (int type : new int[] {Libc.SOCK_DGRAM, Libc.SOCK_SEQPACKET}) {
            Descriptor[] pair = Libc.socketPair(type);
            ByteBuffer buffer = ByteBuffer.allocate(100);
            Running<Integer> reading = kind.call(() -> pair[1].read(buffer)).awaitWaiting();
            // An empty message is written by a system call of one's own: a write of nothing is nothing.
            pair[0].write(fd -> Libc.send(fd, new byte[0]) == 0);
            assertThat(reading.get()).isZero();
            Bytes.write(pair[0], "one");
            Bytes.write(pair[0], "two");
            assertThat(kind.call(() -> Bytes.read(pair[1])).get()).as("the boundary is kept").isEqualTo("one");
            assertThat(kind.call(() -> Bytes.read(pair[1])).get()).isEqualTo("two");
            close(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfAConnectionThatKeepsBoundariesIsTheEnd(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_SEQPACKET);
        Bytes.write(pair[0], "last");
        pair[0].close();
        assertThat(kind.call(() -> Bytes.read(pair[1])).get()).isEqualTo("last");
        assertThat(kind.call(() -> Bytes.read(pair[1])).get()).isEqualTo("EOF");
        assertThat(kind.call(() -> Bytes.read(pair[1])).get()).isEqualTo("EOF");
        close(pair);
    }

    @ParameterizedTest
    @EnumSource
    void aUnixSocketsPeerThatGoesIsTold(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair();
        Bytes.write(pair[1], "last words");
        Running<Hangup> waiting = kind.call(pair[0]::awaitHangup).awaitWaiting();
        pair[1].close();
        assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
        assertThat(Bytes.read(pair[0])).as("drained, not dropped").isEqualTo("last words");
        assertThat(Bytes.read(pair[0])).isEqualTo("EOF");
        assertThatThrownBy(() -> Bytes.write(pair[0], "x")).hasMessageContaining("EPIPE (Broken pipe)");
        close(pair);
    }

    @Test
    void aHalfCloseIsToldAsSuchAndTheRestToo() throws Exception {
        Descriptor[] pair = Libc.socketPair();
        List<Hangup> told = new CopyOnWriteArrayList<>();
        pair[0].onHangup(told::add);
        Libc.shutDownWriting(pair[1]);
        await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_HALF_CLOSED));
        Bytes.write(pair[0], "still heard");
        assertThat(Bytes.read(pair[1])).isEqualTo("still heard");
        assertThat(told).hasSize(1);
        pair[1].close();
        await().untilAsserted(
                () -> assertThat(told).containsExactly(Hangup.PEER_HALF_CLOSED, Hangup.PEER_CLOSED));
        close(pair);
    }

    @ParameterizedTest
    @EnumSource
    void aTcpHalfCloseIsToldApartFromAReset(OnThread kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Descriptor ours = Libc.connect(server.getLocalPort());
                Socket peer = server.accept()) {
            List<Hangup> told = new CopyOnWriteArrayList<>();
            ours.onHangup(told::add);
            Running<Hangup> waiting = kind.call(ours::awaitHangup).awaitWaiting();
            peer.shutdownOutput();
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_HALF_CLOSED);
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_HALF_CLOSED));
            Bytes.write(ours, "still heard");
            assertThat(peer.getInputStream().readNBytes(11)).asString().isEqualTo("still heard");

            peer.setSoLinger(true, 0);
            peer.close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_HALF_CLOSED, Hangup.RESET));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTcpResetIsTold(OnThread kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Descriptor ours = Libc.connect(server.getLocalPort());
                Socket peer = server.accept()) {
            Running<Hangup> waiting = kind.call(ours::awaitHangup).awaitWaiting();
            peer.setSoLinger(true, 0);
            peer.close();
            assertThat(waiting.get()).isEqualTo(Hangup.RESET);
            assertThat(kind.call(() -> Bytes.read(ours)).failure()).hasMessageContaining("ECONNRESET");
        }
    }

    /** The kernel forgets a reset as soon as a read has told of it, and then shows a closed connection. */
    @Test
    void aResetIsTheLastThatIsTold() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Descriptor ours = Libc.connect(server.getLocalPort());
                Socket peer = server.accept()) {
            List<Hangup> told = new CopyOnWriteArrayList<>();
            ours.onHangup(told::add);
            peer.setSoLinger(true, 0);
            peer.close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.RESET));
            assertThatThrownBy(() -> Bytes.read(ours)).hasMessageContaining("ECONNRESET");
            ours.setReadDeadline(Duration.ofDays(1)); // lets the watch look again
            await().during(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(told).containsExactly(Hangup.RESET));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTcpCloseOfBothDirectionsIsToldWhenNobodyIsLeft(OnThread kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Descriptor ours = Libc.connect(server.getLocalPort());
                Socket peer = server.accept()) {
            Running<Hangup> waiting = kind.call(ours::awaitHangup).awaitWaiting();
            Libc.shutDownWriting(ours);
            assertThat(Running.staysWaiting(waiting)).as("our own half-close is none of the peer's").isTrue();
            peer.close();
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
        }
    }

    private static void close(Descriptor[] pair) throws Exception {
        pair[0].close();
        pair[1].close();
    }
}
