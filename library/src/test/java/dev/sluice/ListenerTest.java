// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Other;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners accept, wait as all descriptors do, and give up for nothing that passes. */
@ExtendWith(NothingLeft.class)
class ListenerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void acceptsWhatComesBeforeAndAfterTheWait(OnThread kind) throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            Running<Connection> waiting = kind.call(listener::accept).awaitWaiting();
            try (Connection one = Connection.connect(listener.localAddress());
                    Connection acceptedOne = waiting.get();
                    Connection two = Connection.connect(listener.localAddress());
                    Connection acceptedTwo = kind.call(listener::accept).get()) {
                assertThat(acceptedOne.peerAddress()).isEqualTo(one.localAddress());
                assertThat(acceptedTwo.peerAddress()).isEqualTo(two.localAddress());
                assertThat(Numbers.flags(acceptedOne) & O_CLOEXEC).isNotZero();
                assertThat(Numbers.flags(acceptedOne) & O_NONBLOCK).isNotZero();
                assertThat(acceptedOne.option(StandardSocketOptions.TCP_NODELAY)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaitIsEndedByDeadlineInterruptAndClose(OnThread kind) throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            listener.setAcceptDeadline(Duration.ofMillis(20));
            assertThat(kind.call(listener::accept).failure()).isInstanceOf(SocketTimeoutException.class);
            listener.clearAcceptDeadline();
            Running<Connection> late = kind.call(listener::accept).awaitWaiting();
            listener.setAcceptDeadline(Duration.ZERO);
            assertThat(late.failure()).isInstanceOf(SocketTimeoutException.class);
            listener.clearAcceptDeadline();
            Running<Connection> interrupted = kind.call(listener::accept).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
            try (Connection client = Connection.connect(listener.localAddress());
                    Connection accepted = kind.call(listener::accept).get()) {
                assertThat(accepted.peerAddress()).isEqualTo(client.localAddress());
            }
            Running<Connection> first = kind.call(listener::accept).awaitWaiting();
            Running<Connection> second = kind.call(listener::accept).awaitWaiting();
            listener.close();
            assertThat(first.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(second.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(listener::localAddress).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void manyAcceptOnOneListener() throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            List<Running<Connection>> accepting = IntStream.range(0, 20)
                    .mapToObj(i -> OnThread.values()[i % 2].call(listener::accept))
                    .toList();
            for (int i = 0; i < 20; i++) {
                Connection.connect(listener.localAddress()).close();
            }
            for (Running<Connection> one : accepting) {
                one.get().close();
            }
        }
    }

    @Test
    void itHasNoBytesAndCanBeControlled() throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> listener.read(buffer)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> listener.write(buffer)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> listener.read(fd -> true)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> listener.write(fd -> true)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(listener::inputStream).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> listener.setReadDeadline(Duration.ofSeconds(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> Copy.from(listener).to(listener).run())
                    .isInstanceOf(NonReadableChannelException.class);
            assertThat(Numbers.of(listener)).isPositive();
        }
    }

    @Test
    void whereSomebodyListensNobodyElseDoes() throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            InetSocketAddress address = (InetSocketAddress) listener.localAddress();
            assertThat(address.getPort()).isPositive();
            assertThatThrownBy(() -> Listener.open(address))
                    .isInstanceOf(BindException.class)
                    .hasMessage("bind tcp 127.0.0.1:" + address.getPort() + ": EADDRINUSE (Address already in use)");
            assertThatThrownBy(() -> Listener.open(new InetSocketAddress("192.0.2.1", 0)))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("EADDRNOTAVAIL");
        }
        try (Listener one = Listener.at(ANY)
                        .option(StandardSocketOptions.SO_REUSEPORT, true)
                        .open();
                Listener other = Listener.at(one.localAddress())
                        .option(StandardSocketOptions.SO_REUSEPORT, true)
                        .open()) {
            assertThat(other.localAddress()).isEqualTo(one.localAddress());
        }
    }

    @Test
    void aPortCanBeListenedOnAgainAtOnce() throws Exception {
        Listener listener = Listener.open(ANY);
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        try (Connection client = Connection.connect(address);
                Connection server = listener.accept()) {
            listener.close();
            server.close(); // which leaves the port in TIME_WAIT
            assertThat(Bytes.read(client)).isEqualTo("EOF");
            Listener.open(address).close();
        }
    }

    @Test
    void theWildcardTakesBothFamiliesUnlessOneIsAskedFor() throws Exception {
        for (String wildcard : List.of("0.0.0.0", "::")) {
            try (Listener both = Listener.open(new InetSocketAddress(wildcard, 0))) {
                int port = ((InetSocketAddress) both.localAddress()).getPort();
                for (String host : List.of("127.0.0.1", "::1")) {
                    try (Connection client = Connection.connect(host, port);
                            Connection server = both.accept()) {
                        assertThat(server.peerAddress()).isEqualTo(client.localAddress());
                    }
                }
            }
        }
        for (StandardProtocolFamily family : List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
            boolean inet = family == StandardProtocolFamily.INET;
            try (Listener one = Listener.at(new InetSocketAddress(inet ? "0.0.0.0" : "::", 0))
                    .family(family)
                    .open()) {
                int port = ((InetSocketAddress) one.localAddress()).getPort();
                Connection.connect(inet ? "127.0.0.1" : "::1", port).close();
                assertThatThrownBy(() -> Connection.connect(inet ? "::1" : "127.0.0.1", port))
                        .hasMessageContaining("ECONNREFUSED");
            }
        }
    }

    @Test
    void abstractNamesMakeNoFileAndEmptyOnesAreChosen() throws Exception {
        UnixDomainSocketAddress name =
                UnixDomainSocketAddress.of("@sluice-test-" + ProcessHandle.current().pid());
        try (Listener listener = Listener.open(name);
                Connection client = Connection.connect(name);
                Connection server = listener.accept()) {
            assertThat(listener.localAddress()).isEqualTo(name);
            assertThat(client.peerAddress()).isEqualTo(name);
            assertThat(server.peerAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
            assertThatThrownBy(() -> Listener.open(name)).isInstanceOf(BindException.class);
        }
        assertThatThrownBy(() -> Connection.connect(name)).hasMessageContaining("ECONNREFUSED");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatWasResetBeforeItWasAcceptedIsNoFailure(OnThread kind) throws Exception {
        try (Listener listener = Listener.open(ANY)) {
            for (int i = 0; i < 10; i++) {
                Connection.connect(listener.localAddress()).abort();
            }
            try (Connection last = Connection.connect(listener.localAddress())) {
                Running<Boolean> accepting = kind.run(() -> {
                    for (;;) {
                        try (Connection accepted = listener.accept()) {
                            if (port(accepted) == ((InetSocketAddress) last.localAddress()).getPort()) {
                                return;
                            }
                        }
                    }
                });
                assertThat(accepting.get()).isTrue();
            }
        }
    }

    private static int port(Connection accepted) {
        try {
            return ((InetSocketAddress) accepted.peerAddress()).getPort();
        } catch (IOException notConnected) {
            return -1;
        }
    }

    @ParameterizedTest
    @EnumSource
    @NeedsTool("prlimit")
    void withoutADescriptorLeftItWaitsQuietlyAndSaysSoOnce(OnThread kind) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (Other child = Other.start(
                        "sh",
                        "-c",
                        "exec 2>&1; exec \"$@\"",
                        "sh",
                        "prlimit",
                        "--nofile=200",
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ListenerFull.class.getName(),
                        folder.resolve("socket").toString(),
                        kind.name())) {
            await().atMost(Duration.ofSeconds(20)).until(() -> child.output().contains("full\n"));
            try (Connection client = Connection.connect(address)) {
                assertThat(Bytes.read(client)).as("accepted when there is room").isEqualTo("hello");
            }
            assertThat(child.exit()).as("%s", child.output()).isZero();
            String said = child.output();
            assertThat(said.lines().filter(line -> line.contains("EMFILE")))
                    .singleElement()
                    .asString()
                    .contains("accept unix " + folder.resolve("socket"))
                    .contains(": EMFILE (Too many open files), waiting for room");
            assertThat(said).contains("waits quietly: true");
        }
    }
}
