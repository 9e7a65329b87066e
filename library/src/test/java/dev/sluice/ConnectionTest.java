// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.OpenFiles;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of every family: how they come about, how that fails and is given up, and how they end. */
@ExtendWith(NothingLeft.class)
class ConnectionTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "unix", "abstract"})
    void bytesGoBothWaysAndEachEndTravels(String where) throws Exception {
        SocketAddress address = switch (where) {
            case "unix" -> UnixDomainSocketAddress.of(folder.resolve("socket"));
            case "abstract" -> UnixDomainSocketAddress.of("@sluice-connection-" + ProcessHandle.current().pid());
            default -> new InetSocketAddress(where, 0);
        };
        byte[] there = Bytes.noise(1_000_003, 1);
        byte[] back = Bytes.noise(1_000_003, 2);
        for (OnThread kind : OnThread.values()) {
            try (Listener listener = Listener.open(address);
                    Connection client = kind.call(() -> Connection.connect(listener.localAddress())).get();
                    Connection server = listener.accept()) {
                assertThat(client.peerAddress()).isEqualTo(listener.localAddress());
                Running<byte[]> readingThere = kind.call(() -> Bytes.readAll(server));
                Running<byte[]> readingBack = kind.call(() -> Bytes.readAll(client));
                Running<Boolean> writing = kind.run(() -> {
                    client.write(ByteBuffer.wrap(there));
                    client.shutdownWrite();
                });
                assertThat(readingThere.get()).isEqualTo(there);
                server.write(ByteBuffer.wrap(back));
                server.shutdownWrite();
                writing.get();
                assertThat(readingBack.get()).isEqualTo(back);
                assertThatThrownBy(() -> client.write(Bytes.of("x"))).hasMessageContaining("EPIPE");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalIsToldAtOnce(OnThread kind) throws Exception {
        SocketAddress nobody;
        try (Listener listener = Listener.open(ANY)) {
            nobody = listener.localAddress();
        }
        int port = ((InetSocketAddress) nobody).getPort();
        assertThat(kind.call(() -> Connection.connect(nobody)).failure())
                .isInstanceOf(ConnectException.class)
                .hasMessage("connect tcp 127.0.0.1:" + port + ": ECONNREFUSED (Connection refused)");
        assertThat(kind.call(() -> Connection.connect("localhost", port)).failure())
                .isInstanceOf(ConnectException.class);
        assertThat(kind.call(() -> Connection.connect("no-such-host.invalid", port)).failure())
                .isInstanceOf(UnknownHostException.class);
        Path none = folder.resolve("none");
        assertThat(kind.call(() -> Connection.connect(UnixDomainSocketAddress.of(none))).failure())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("connect unix " + none + ": ENOENT (No such file or directory)");
        Files.writeString(none, "");
        assertThat(kind.call(() -> Connection.connect(UnixDomainSocketAddress.of(none))).failure())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void whatIsNoAddressIsRefusedBeforeAnythingIsTried() {
        assertThatThrownBy(() -> Connection.to("localhost", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Connection.to("localhost", 65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Connection.to(new SocketAddress() {})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Connection.to(ANY).timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Connection.to(ANY).option(StandardSocketOptions.IP_MULTICAST_LOOP, true))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Connection.connect(UnixDomainSocketAddress.of("x".repeat(108))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** TCP: a listener with a full queue drops what asks for a connection. Unix: it answers EAGAIN. */
    private List<Connection> fill(Listener listener) throws IOException {
        List<Connection> waiting = new ArrayList<>();
        try {
            for (;;) {
                waiting.add(Connection.to(listener.localAddress())
                        .timeout(Duration.ofMillis(100))
                        .connect());
            }
        } catch (SocketTimeoutException full) {
            assertThat(waiting).hasSizeBetween(1, 10);
            return waiting;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitForAnAnswerIsEndedByTimeoutAndInterrupt(OnThread kind) throws Exception {
        for (SocketAddress address : List.of(ANY, UnixDomainSocketAddress.of(folder.resolve("s")))) {
            try (Listener listener = Listener.at(address).backlog(1).open()) {
                List<Connection> waiting = fill(listener);
                long open = OpenFiles.count("socket:");
                long start = System.nanoTime();
                Throwable late = kind.call(() -> Connection.to(listener.localAddress())
                                .timeout(Duration.ofMillis(50))
                                .connect())
                        .failure();
                assertThat(late)
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageEndingWith(": the deadline has passed")
                        .hasMessageStartingWith("connect ");
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
                Running<Connection> interrupted =
                        kind.call(() -> Connection.connect(listener.localAddress())).awaitWaiting();
                interrupted.interrupt();
                assertThat(interrupted.failure())
                        .isInstanceOf(InterruptedIOException.class)
                        .hasMessageEndingWith(": interrupted");
                assertThat(OpenFiles.count("socket:")).as("nothing is left of them").isEqualTo(open);
                Received.closeAll(waiting);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullUnixQueueIsWaitedFor(OnThread kind) throws Exception {
        try (Listener listener = Listener.at(UnixDomainSocketAddress.of(folder.resolve("s")))
                .backlog(1)
                .open()) {
            List<Connection> waiting = fill(listener);
            Running<Connection> connecting =
                    kind.call(() -> Connection.connect(listener.localAddress())).awaitWaiting();
            assertThat(Running.staysWaiting(connecting)).isTrue();
            listener.accept().close();
            try (Connection connected = connecting.get()) {
                assertThat(connected.isOpen()).isTrue();
            }
            Received.closeAll(waiting);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatIsClosedEndsAWaitForItsQueue(OnThread kind) throws Exception {
        Listener listener = Listener.at(UnixDomainSocketAddress.of(folder.resolve("s")))
                .backlog(1)
                .open();
        List<Connection> waiting = fill(listener);
        Running<Connection> connecting =
                kind.call(() -> Connection.connect(listener.localAddress())).awaitWaiting();
        listener.keepFile();
        listener.close();
        assertThat(connecting.failure()).isInstanceOf(ConnectException.class);
        Received.closeAll(waiting);
    }

    @Test
    void aThreadThatIsInterruptedAlreadyDoesNotWait() throws Exception {
        try (Listener listener = Listener.at(ANY).backlog(1).open()) {
            List<Connection> waiting = fill(listener);
            Running<Connection> connecting = OnThread.VIRTUAL.call(() -> {
                Thread.currentThread().interrupt();
                return Connection.connect(listener.localAddress());
            });
            assertThat(connecting.failure()).isInstanceOf(InterruptedIOException.class);
            Received.closeAll(waiting);
        }
    }

    @Test
    void itComesFromWhereItIsAskedTo() throws Exception {
        try (Listener listener = Listener.open(ANY);
                Connection client = Connection.to(listener.localAddress())
                        .from(new InetSocketAddress("127.0.0.2", 0))
                        .connect();
                Connection server = listener.accept()) {
            assertThat(((InetSocketAddress) server.peerAddress()).getAddress().getHostAddress())
                    .isEqualTo("127.0.0.2");
            assertThat(client.localAddress()).isEqualTo(server.peerAddress());
            assertThatThrownBy(() -> Connection.to(listener.localAddress())
                            .from(new InetSocketAddress("192.0.2.1", 0))
                            .connect())
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("192.0.2.1")
                    .hasMessageContaining("EADDRNOTAVAIL");
        }
    }

    @Test
    void optionsAreReadAndSet() throws Exception {
        try (Listener listener = Listener.open(ANY);
                Connection client = Connection.to(listener.localAddress())
                        .option(StandardSocketOptions.SO_KEEPALIVE, true)
                        .option(LinuxSocketOptions.TCP_USER_TIMEOUT, 1_234)
                        .connect();
                Connection server = listener.accept()) {
            assertThat(client.option(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assertThat(server.option(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
            assertThat(client.option(LinuxSocketOptions.TCP_USER_TIMEOUT)).isEqualTo(1_234);
            assertThat(client.option(StandardSocketOptions.TCP_NODELAY)).isTrue();
            sets(client, StandardSocketOptions.TCP_NODELAY, false);
            sets(client, LinuxSocketOptions.TCP_KEEPIDLE, 11);
            sets(client, LinuxSocketOptions.TCP_KEEPINTVL, 12);
            sets(client, LinuxSocketOptions.TCP_KEEPCNT, 13);
            assertThat(client.option(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(11);
            sets(client, ExtendedSocketOptions.TCP_KEEPINTERVAL, 14);
            sets(client, StandardSocketOptions.SO_LINGER, 3);
            sets(client, StandardSocketOptions.SO_LINGER, -1);
            sets(client, StandardSocketOptions.SO_REUSEADDR, true);
            sets(client, StandardSocketOptions.IP_TOS, 0x10);
            client.setOption(StandardSocketOptions.SO_SNDBUF, 50_000);
            assertThat(client.option(StandardSocketOptions.SO_SNDBUF)).isEqualTo(100_000);
            assertThatThrownBy(() -> client.setOption(LinuxSocketOptions.TCP_KEEPIDLE, 0))
                    .isInstanceOf(java.nio.file.FileSystemException.class)
                    .hasMessageContaining("TCP_KEEPIDLE")
                    .hasMessageContaining("EINVAL");
            assertThatThrownBy(() -> client.option(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        try (Connection.Pair pair = Connection.pair()) {
            assertThatThrownBy(() -> pair.one().option(StandardSocketOptions.TCP_NODELAY))
                    .hasMessageContaining("EOPNOTSUPP");
            pair.one().close();
            assertThatThrownBy(() -> pair.one().option(StandardSocketOptions.SO_SNDBUF))
                    .isInstanceOf(ClosedChannelException.class);
        }
    }

    private static <T> void sets(Connection connection, SocketOption<T> option, T value) throws IOException {
        connection.setOption(option, value);
        assertThat(connection.option(option)).as(option.name()).isEqualTo(value);
    }

    @Test
    void credentialsAreTheProcesss() throws Exception {
        int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int group = (int) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
        Credentials ours = new Credentials((int) ProcessHandle.current().pid(), user, group);
        try (Connection.Pair pair = Connection.pair();
                Listener listener = Listener.open(UnixDomainSocketAddress.of(folder.resolve("s")));
                Connection client = Connection.connect(listener.localAddress());
                Connection server = listener.accept()) {
            for (Connection one : List.of(pair.one(), pair.other(), client, server)) {
                assertThat(one.peerCredentials()).isEqualTo(ours);
            }
        }
        try (Listener listener = Listener.open(ANY);
                Connection client = Connection.connect(listener.localAddress())) {
            assertThatThrownBy(client::peerCredentials).hasMessageContaining("EOPNOTSUPP");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAbortIsAResetForThePeer(OnThread kind) throws Exception {
        try (Listener listener = Listener.open(ANY);
                Connection client = Connection.connect(listener.localAddress());
                Connection server = listener.accept()) {
            Running<String> reading = kind.call(() -> Bytes.read(server)).awaitWaiting();
            Running<String> ours = kind.call(() -> Bytes.read(client)).awaitWaiting();
            client.abort();
            client.abort();
            assertThat(reading.failure()).hasMessageContaining("ECONNRESET (Connection reset by peer)");
            assertThat(ours.failure()).isInstanceOf(java.nio.channels.AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHalfCloseIsNotGone(OnThread kind) throws Exception {
        try (Listener listener = Listener.open(ANY);
                Connection client = Connection.connect(listener.localAddress());
                Connection server = listener.accept()) {
            Running<Hangup> watching = kind.call(server::awaitHangup).awaitWaiting();
            Bytes.write(client, "last");
            client.shutdownWrite();
            assertThat(watching.get()).isEqualTo(Hangup.PEER_HALF_CLOSED);
            assertThat(Bytes.read(server)).isEqualTo("last");
            assertThat(Bytes.read(server)).isEqualTo("EOF");
            Bytes.write(server, "still heard");
            assertThat(Bytes.read(client)).isEqualTo("still heard");
            server.shutdownWrite();
            assertThat(Bytes.read(client)).isEqualTo("EOF");
            assertThat(server.awaitHangup()).isEqualTo(Hangup.PEER_CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoShutsHisReadingDownFindsTheEnd(OnThread kind) throws Exception {
        try (Connection.Pair pair = Connection.pair()) {
            Bytes.write(pair.other(), "buffered");
            pair.one().shutdownRead();
            assertThat(Bytes.read(pair.one())).isEqualTo("buffered");
            assertThat(Bytes.read(pair.one())).isEqualTo("EOF");
            assertThatThrownBy(() -> Bytes.write(pair.other(), "x")).hasMessageContaining("EPIPE");
            Bytes.write(pair.one(), "the other way goes on");
            assertThat(Bytes.read(pair.other())).isEqualTo("the other way goes on");
        }
        try (Connection.Pair pair = Connection.pair()) {
            Running<String> reading = kind.call(() -> Bytes.read(pair.one())).awaitWaiting();
            pair.one().shutdownRead();
            assertThat(reading.get()).isEqualTo("EOF");
        }
    }

    @Test
    void onlyAConnectionIsAdoptedAsOne() throws Exception {
        assertThatThrownBy(() -> Connection.adopt(9_999)).hasMessageContaining("EBADF");
        try (Pipe pipe = Pipe.open()) {
            int number = Numbers.of(pipe.source());
            assertThatThrownBy(() -> Connection.adopt(number)).hasMessageContaining("ENOTSOCK");
            assertThatThrownBy(() -> Listener.adopt(number)).hasMessageContaining("ENOTSOCK");
            Bytes.write(pipe.sink(), "left alone");
            assertThat(Bytes.read(pipe.source())).isEqualTo("left alone");
        }
    }
}
