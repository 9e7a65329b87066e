// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.OpenFiles;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages keep their boundaries, whatever their length, and tell who sent them and whether they are whole. */
@ExtendWith(NothingLeft.class)
class MessageSocketTest {
    private static final int LONG = 200_000;

    @TempDir
    Path folder;

    private UnixDomainSocketAddress at(String name) {
        return UnixDomainSocketAddress.of(folder.resolve(name));
    }

    @ParameterizedTest
    @EnumSource
    void boundariesAreKept(MessageSocket.Type type) throws Exception {
        try (MessageSocket.Pair pair = MessageSocket.pair(type)) {
            pair.one().send(Bytes.of("one"));
            pair.one().send(Bytes.of(""));
            Bytes.write(pair.one(), "");
            pair.one().write(new ByteBuffer[] {Bytes.of("t"), Bytes.of(""), Bytes.of("wo")});
            ByteBuffer buffer = ByteBuffer.allocate(100);
            assertThat(pair.other().receive(buffer).bytes()).isEqualTo(3);
            assertThat(pair.other().receive(buffer).bytes()).isZero();
            assertThat(pair.other().read(buffer)).as("a message of no bytes").isZero();
            ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(1), ByteBuffer.allocate(5)};
            assertThat(pair.other().read(parts)).isEqualTo(3);
            assertThat(new byte[] {parts[0].get(0), parts[1].get(0), parts[2].get(0)})
                    .isEqualTo(Bytes.of("two").array());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLongMessageIsOneWhicheverWayItGoes(MessageSocket.Type type) throws Exception {
        byte[] bytes = Bytes.noise(LONG, 5);
        try (MessageSocket.Pair pair = MessageSocket.pair(type)) {
            for (int way = 0; way < 3; way++) {
                ByteBuffer message = ByteBuffer.wrap(bytes);
                switch (way) {
                    case 0 -> pair.one().send(message);
                    case 1 -> assertThat(pair.one().write(message)).isEqualTo(LONG);
                    default -> assertThat(pair.one().write(new ByteBuffer[] {
                                message.slice(0, 7), message.slice(7, LONG - 7)
                            }))
                            .isEqualTo(LONG);
                }
                ByteBuffer got = ByteBuffer.allocate(LONG + 1);
                switch (way) {
                    case 0 -> assertThat(pair.other().receive(got).bytes()).isEqualTo(LONG);
                    case 1 -> assertThat(pair.other().read(got)).isEqualTo(LONG);
                    default -> assertThat(pair.other().read(new ByteBuffer[] {got.slice(0, 3), got.slice(3, LONG - 2)}))
                            .isEqualTo(LONG);
                }
                assertThat(got.slice(0, LONG)).isEqualTo(ByteBuffer.wrap(bytes));
            }
        }
    }

    @Test
    void theSameHoldsForInheritedOnesInBlockingMode() throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_SEQPACKET);
        try (Descriptor one = pair[0];
                Descriptor other = pair[1]) {
            one.write(ByteBuffer.wrap(Bytes.noise(LONG, 6)));
            ByteBuffer got = ByteBuffer.allocate(LONG);
            assertThat(other.read(got)).isEqualTo(LONG);
            assertThat(got.array()).isEqualTo(Bytes.noise(LONG, 6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsTooLongForTheBufferSaysHowLongItWas(MessageSocket.Type type) throws Exception {
        try (MessageSocket.Pair pair = MessageSocket.pair(type)) {
            pair.one().send(Bytes.of("0123456789"));
            pair.one().send(Bytes.of("abc"));
            pair.one().send(Bytes.of("lost"));
            pair.one().send(Bytes.of("next"));
            ByteBuffer buffer = ByteBuffer.allocate(4);
            ReceivedMessage cut = pair.other().receive(buffer);
            assertThat(cut.bytes()).isEqualTo(4);
            assertThat(cut.length()).isEqualTo(10);
            assertThat(cut.isTruncated()).isTrue();
            assertThat(buffer.array()).isEqualTo(Bytes.of("0123").array());
            ReceivedMessage whole = pair.other().receive(buffer.clear());
            assertThat(whole.length()).isEqualTo(3);
            assertThat(whole.isTruncated()).isFalse();
            assertThat(pair.other().receive(ByteBuffer.allocate(0)).isTruncated()).isTrue();
            assertThat(Bytes.read(pair.other())).isEqualTo("next");
        }
    }

    @Test
    void oneThatNoSendBufferTakesIsRefused() throws Exception {
        try (MessageSocket.Pair pair = MessageSocket.pair(MessageSocket.Type.SEQPACKET)) {
            assertThatThrownBy(() -> pair.one().send(ByteBuffer.allocate(10_000_000)))
                    .hasMessageContaining("EMSGSIZE (Message too long)");
            assertThatThrownBy(() -> pair.one().write(ByteBuffer.allocate(10_000_000)))
                    .hasMessageContaining("EMSGSIZE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsAcceptedAndHasAnEnd(OnThread kind) throws Exception {
        try (MessageListener listener = MessageListener.open(at("listener"))) {
            Running<MessageSocket> accepting = kind.call(listener::accept).awaitWaiting();
            try (MessageSocket client = MessageSocket.connect(at("listener"), Duration.ofSeconds(10));
                    MessageSocket server = accepting.get()) {
                assertThat(client.peerAddress()).isEqualTo(at("listener"));
                assertThat(server.peerCredentials().process())
                        .isEqualTo((int) ProcessHandle.current().pid());
                assertThat(client.peerCredentials()).isEqualTo(server.peerCredentials());
                Running<ReceivedMessage> receiving = kind.call(() -> server.receive(ByteBuffer.allocate(10), 1))
                        .awaitWaiting();
                client.send(Bytes.of("last"));
                assertThat(receiving.get().bytes()).isEqualTo(4);
                client.shutdownWrite();
                ReceivedMessage end = kind.call(() -> server.receive(ByteBuffer.allocate(10))).get();
                assertThat(end.bytes()).isEqualTo(-1);
                assertThat(end.isTruncated()).isFalse();
                assertThat(server.awaitHangup()).isEqualTo(Hangup.PEER_HALF_CLOSED);
                server.send(Bytes.of("answer"));
                assertThat(Bytes.read(client)).isEqualTo("answer");
                client.close();
                assertThatThrownBy(() -> server.send(Bytes.of("x"))).hasMessageContaining("EPIPE");
            }
        }
        assertThat(Files.exists(folder.resolve("listener"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aListenerWaitsAsAnyOther(OnThread kind) throws Exception {
        try (MessageListener listener = MessageListener.open(UnixDomainSocketAddress.of("@sluice-" + kind + "-"
                + ProcessHandle.current().pid()))) {
            listener.setAcceptDeadline(Duration.ofMillis(20));
            assertThat(kind.call(listener::accept).failure()).isInstanceOf(SocketTimeoutException.class);
            listener.clearAcceptDeadline();
            Running<MessageSocket> interrupted = kind.call(listener::accept).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
            assertThatThrownBy(() -> listener.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> listener.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            Running<MessageSocket> closed = kind.call(listener::accept).awaitWaiting();
            listener.close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void datagramsSayWhoSentThem() throws Exception {
        try (MessageSocket server = MessageSocket.bind(at("server"));
                MessageSocket named = MessageSocket.bind(at("named"));
                MessageSocket unnamed = MessageSocket.datagram();
                MessageSocket chosen = MessageSocket.bind(UnixDomainSocketAddress.of(""))) {
            named.sendTo(Bytes.of("1"), at("server"));
            unnamed.join(at("server"));
            unnamed.send(Bytes.of("2"));
            chosen.sendTo(Bytes.of("3"), at("server"));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            assertThat(server.receive(buffer).sender()).isEqualTo(at("named"));
            assertThat(server.receive(buffer).sender()).isEqualTo(UnixDomainSocketAddress.of(""));
            ReceivedMessage third = server.receive(buffer);
            assertThat(third.sender().toString()).startsWith("@");
            assertThat(third.sender()).isEqualTo(chosen.localAddress());
            server.sendTo(Bytes.of("answer"), third.sender());
            assertThat(Bytes.read(chosen)).isEqualTo("answer");
        }
        assertThat(Files.exists(folder.resolve("server"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsToAFullQueueWaits(OnThread kind) throws Exception {
        try (MessageSocket server = MessageSocket.bind(at("full"));
                MessageSocket stranger = MessageSocket.datagram();
                MessageSocket joined = MessageSocket.datagram()) {
            joined.join(at("full"));
            int sent = 0;
            stranger.setWriteDeadline(Duration.ofMillis(100));
            try {
                for (;;) {
                    stranger.sendTo(Bytes.of("m"), at("full"));
                    sent++;
                }
            } catch (SocketTimeoutException full) {
                assertThat(sent).isBetween(1, 10_000);
            }
            stranger.clearWriteDeadline();
            Running<Boolean> byStranger =
                    kind.run(() -> stranger.sendTo(Bytes.of("m"), at("full"))).awaitWaiting();
            assertThat(Running.staysWaiting(byStranger)).isTrue();
            byStranger.interrupt();
            assertThat(byStranger.failure()).isInstanceOf(InterruptedIOException.class);
            Running<Boolean> again =
                    kind.run(() -> stranger.sendTo(Bytes.of("m"), at("full"))).awaitWaiting();
            Running<Boolean> byJoined = kind.run(() -> joined.send(Bytes.of("m"))).awaitWaiting();
            Running<Boolean> byWrite = kind.run(() -> Bytes.write(joined, "m")).awaitWaiting();
            for (int i = 0; i < sent + 3; i++) {
                assertThat(server.receive(ByteBuffer.allocate(10)).bytes()).isEqualTo(1);
            }
            again.get();
            byJoined.get();
            byWrite.get();
        }
    }

    @Test
    void descriptorsGoWithMessagesEvenOfNoBytes() throws Exception {
        for (MessageSocket.Type type : MessageSocket.Type.values()) {
            try (MessageSocket.Pair pair = MessageSocket.pair(type);
                    Pipe pipe = Pipe.open()) {
                String target = Numbers.target(Numbers.of(pipe.sink()));
                pair.one().send(Bytes.of(""), List.of(pipe.sink(), pipe.source()));
                pair.one().send(Bytes.of("x"), List.of(pipe.sink(), pipe.sink(), pipe.sink()));
                pair.one().send(Bytes.of("dropped"), List.of(pipe.sink()));
                try (ReceivedMessage empty = pair.other().receive(ByteBuffer.allocate(1), 2);
                        ReceivedMessage cut = pair.other().receive(ByteBuffer.allocate(1), 1)) {
                    assertThat(empty.bytes()).isZero();
                    assertThat(empty.descriptors()).hasSize(2);
                    assertThat(cut.bytes()).isEqualTo(1);
                    assertThat(cut.descriptors()).hasSize(1);
                    assertThat(cut.descriptorsLost()).isTrue();
                    assertThat(pair.other().receive(ByteBuffer.allocate(10)).descriptorsLost()).isTrue();
                    assertThat(OpenFiles.count(target)).isEqualTo(5);
                }
                assertThat(OpenFiles.count(target)).isEqualTo(2);
                // The last message has no bytes, and its sender has gone: by what it carries it is none the less told.
                pair.one().send(Bytes.of(""), List.of(pipe.sink()));
                pair.one().close();
                try (ReceivedMessage last = pair.other().receive(ByteBuffer.allocate(1), 1)) {
                    assertThat(last.bytes()).isZero();
                    assertThat(last.descriptors()).hasSize(1);
                }
            }
        }
    }

    @Test
    void everyFailureIsToldInOneLine() throws Exception {
        try (MessageSocket socket = MessageSocket.datagram();
                MessageListener listener = MessageListener.open(at("seq"))) {
            assertThatThrownBy(() -> socket.send(Bytes.of("x"))).hasMessageContaining("ENOTCONN");
            assertThatThrownBy(() -> socket.sendTo(Bytes.of("x"), at("none")))
                    .hasMessageContaining("to unix " + folder.resolve("none"))
                    .hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> socket.join(at("none"))).hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> socket.join(at("seq"))).hasMessageContaining("EPROTOTYPE");
            assertThatThrownBy(() -> MessageSocket.connect(at("none"))).hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> MessageSocket.bind(at("seq"))).isInstanceOf(BindException.class);
            assertThatThrownBy(() -> Connection.connect(at("seq"))).hasMessageContaining("EPROTOTYPE");
            listener.keepFile();
            listener.close();
            assertThatThrownBy(() -> MessageSocket.connect(at("seq"))).isInstanceOf(ConnectException.class);
            assertThatThrownBy(socket::peerCredentials).hasMessageContaining("SO_PEERCRED");
            assertThatThrownBy(socket::peerAddress).hasMessageContaining("ENOTCONN");
        }
        Path file = folder.resolve("modes");
        try (MessageSocket bound = MessageSocket.bind(
                UnixDomainSocketAddress.of(file),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            bound.keepFile();
        }
        assertThat(Files.exists(file)).isTrue();
    }

    @Test
    void anInheritedUdpSocketIsOneToo() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (MessageSocket one = udp();
                MessageSocket other = udp();
                Pipe pipe = Pipe.open()) {
            one.join(new InetSocketAddress(loopback, 9)); // whereby the kernel binds it
            InetSocketAddress address = (InetSocketAddress) one.localAddress();
            other.join(address);
            one.join(other.localAddress());
            one.send(Bytes.of("123456"));
            ReceivedMessage message = other.receive(ByteBuffer.allocate(4));
            assertThat(message.bytes()).isEqualTo(4);
            assertThat(message.length()).isEqualTo(6);
            assertThat(message.sender()).isEqualTo(address);
            assertThatThrownBy(() -> one.send(Bytes.of("x"), List.of(pipe.sink())))
                    .hasMessageContaining("EOPNOTSUPP");
        }
    }

    private static MessageSocket udp() throws Exception {
        CallState state = CallState.acquire();
        try {
            return MessageSocket.adopt(SocketCalls.socket(state, Constants.AF_INET, Constants.SOCK_DGRAM));
        } finally {
            state.release();
        }
    }

    @Test
    void nothingElseIsAdopted() throws Exception {
        Descriptor[] pair = Libc.socketPair(Libc.SOCK_STREAM);
        int number = Numbers.of(pair[0]);
        assertThat(pair[0]).isInstanceOf(Connection.class);
        assertThatThrownBy(() -> MessageListener.adopt(9_999)).hasMessageContaining("EBADF");
        try (Descriptor other = pair[1]) {
            assertThat(number).isPositive();
            assertThat(other).isInstanceOf(Connection.class);
        }
        pair[0].close();
    }
}
