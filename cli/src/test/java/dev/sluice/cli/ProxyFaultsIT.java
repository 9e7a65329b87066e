// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sequence.Ending;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Targets that are down, deaf or dumb: they cost their client the connection, and the proxy a line. */
class ProxyFaultsIT {
    private static final int RESETS = 300;

    @TempDir
    private Path folder;

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static SocketChannel connect(RunningProxy proxy) throws IOException {
        return SocketChannel.open(loopback(proxy.port()));
    }

    private static void assertRefused(RunningProxy proxy) throws IOException {
        try (SocketChannel client = connect(proxy)) {
            assertThat(Sequence.receiveWhatComes(client, 0).position()).isZero();
        }
    }

    private static void awaitLine(RunningProxy proxy, String pattern) throws IOException {
        Await.until(() -> !proxy.said().isEmpty());
        assertThat(proxy.said()).matches(pattern + "\n");
    }

    @Test
    void aTargetThatIsDownAndThenUp() throws Exception {
        int port = Listening.freePort();
        try (RunningProxy proxy = RunningProxy.start("tcp:127.0.0.1:" + port)) {
            assertRefused(proxy);
            awaitLine(proxy, "sluice: .*127\\.0\\.0\\.1:" + port + ".*: ECONNREFUSED \\(.*\\)");
            try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback(port));
                    Relayed pair = new Relayed(connect(proxy), server.accept())) {
                Sequence.send(pair.client(), 0, 10);
                assertThat(Sequence.receive(pair.server(), 0, 10)).isEqualTo(10);
            }
            proxy.awaitNoConnection();
            assertThat(proxy.said().lines()).hasSize(1);
        }
    }

    /** It may have done so before the proxy sees that it is connected. */
    @Test
    void aTargetThatAcceptsAndResetsIsNotDown() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback(0));
                RunningProxy proxy = RunningProxy.start(
                        "tcp:127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort())) {
            Running<?> resetting = OnThread.PLATFORM.run(() -> {
                for (int n = 0; n < RESETS; n++) {
                    Relayed.reset(server.accept());
                }
            });
            for (int n = 0; n < RESETS; n++) {
                assertRefused(proxy);
            }
            resetting.get();
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void aUnixTargetThatIsMissing() throws Exception {
        try (RunningProxy proxy = RunningProxy.start("unix:" + folder.resolve("none"))) {
            assertRefused(proxy);
            awaitLine(proxy, "sluice: .*none.*: ENOENT \\(.*\\)");
            proxy.awaitNoConnection();
        }
    }

    @Test
    void aTargetThatDoesNotAccept() throws Exception {
        // The queue of connections to be accepted is full: the kernel drops the first segment of any further one.
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback(0), 1)) {
            InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
            for (int n = 0; n < 2; n++) {
                queued.add(SocketChannel.open(address));
            }
            try (RunningProxy proxy = RunningProxy.start(
                    "tcp:127.0.0.1:" + address.getPort(), "--connect-timeout", "300ms")) {
                long start = System.nanoTime();
                assertRefused(proxy);
                assertThat(since(start)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
                awaitLine(proxy, "sluice: .*127\\.0\\.0\\.1:" + address.getPort() + ": the deadline has passed");
                proxy.awaitNoConnection();
            }
        } finally {
            for (SocketChannel each : queued) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTargetThatAcceptsAndNeverAnswers(Place.Kind kind) throws Exception {
        try (Place place = kind.open();
                RunningProxy proxy = place.start();
                Relayed pair = place.relayed()) {
            Sequence.send(pair.client(), 0, 100);
            Running<Long> answer = OnThread.PLATFORM.call(() -> Sequence.receive(pair.client(), 0, 1));
            assertThat(Running.staysWaiting(answer)).isTrue();
            // The client has had enough; the target learns of it.
            pair.client().close();
            answer.failure();
            Sequence.receiveToEnd(pair.server(), 0, 100);
            pair.server().close();
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void aConnectionThatIsSilentForTooLong() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--idle-timeout", "1s");
                Relayed pair = place.relayed()) {
            // Any byte in either direction counts, and so no second goes by without one.
            long start = System.nanoTime();
            for (int n = 0; n < 7; n++) {
                SocketChannel from = n % 2 == 0 ? pair.client() : pair.server();
                SocketChannel to = n % 2 == 0 ? pair.server() : pair.client();
                Sequence.send(from, 0, 1);
                assertThat(Sequence.receive(to, 0, 1)).isEqualTo(1);
                Thread.sleep(200);
            }
            assertThat(since(start)).isGreaterThan(Duration.ofMillis(1200));
            // Nobody has said that this is the end, so it must not look like one.
            assertThat(Sequence.receiveWhatComes(pair.client(), 0)).isEqualTo(new Ending(0, true));
            assertThat(Sequence.receiveWhatComes(pair.server(), 0)).isEqualTo(new Ending(0, true));
            assertThat(since(start)).isBetween(Duration.ofMillis(2000), Duration.ofSeconds(8));
            proxy.awaitNoConnection();
            assertThat(proxy.process().isAlive()).isTrue();
        }
    }

    /** With no descriptor left it can neither accept nor connect, nor make a pipe; and goes on when there are some. */
    @Test
    void tooFewDescriptors() throws Exception {
        List<SocketChannel> crowd = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(loopback(0), 100);
                RunningProxy proxy = RunningProxy.start(
                        List.of("prlimit", "--nofile=64"),
                        "tcp:127.0.0.1:0",
                        "tcp:127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort())) {
            try (Relayed first = new Relayed(connect(proxy), server.accept())) {
                for (int n = 0; n < 60; n++) {
                    crowd.add(connect(proxy));
                }
                // One line as all others, the first one or a later one, by the port that the kernel chose.
                String accept = "\nsluice: accept tcp 127.0.0.1:" + proxy.port() + ": EMFILE ";
                Await.until(() -> ("\n" + proxy.said()).contains(accept));
                proxy.awaitIdleSecond();
                // Those that have all they need know nothing of that, however much flows.
                Running<?> flow = OnThread.PLATFORM.run(() -> Sequence.send(first.client(), 0, 20_000_000));
                assertThat(Sequence.receive(first.server(), 0, 20_000_000)).isEqualTo(20_000_000);
                flow.get();
            } finally {
                for (SocketChannel each : crowd) {
                    each.close();
                }
            }
            // Those that waited to be accepted get their turn now, though their clients have gone; and then this one.
            try (SocketChannel next = connect(proxy)) {
                Sequence.send(next, 0, 10);
                while (!hasTen(server)) {
                    // one whose client has gone
                }
            }
        }
    }

    private static boolean hasTen(ServerSocketChannel server) throws IOException {
        try (SocketChannel each = server.accept()) {
            return Sequence.receive(each, 0, 10) == 10;
        } catch (SocketException reset) {
            return false;
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
