// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice proxy}, as it is started by users. */
class ProxyIT {
    private static final int PATIENCE_MILLIS = 30_000;

    /** How often a line that is told once stands for another. */
    private static final Pattern MORE = Pattern.compile(", and (\\d+) more");

    @TempDir
    private Path folder;

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hear(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private static int end(Socket socket) throws IOException {
        return socket.getInputStream().read();
    }

    private static Socket client(Place place) throws Exception {
        return patient(place.connect().socket());
    }

    /** The proxy's next connection to the server. */
    private static Socket accepted(Place place) throws Exception {
        return patient(place.accept().socket());
    }

    private static Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> end(socket)).hasMessageContaining("reset");
    }

    @Test
    void whatIsSaidIsHeardBothWaysAndSoIsTheEndOfEach() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start();
                Socket client = client(place);
                Socket server = accepted(place)) {
            say(client, "hello");
            assertThat(hear(server, 5)).isEqualTo("hello");
            say(server, "you too");
            assertThat(hear(client, 7)).isEqualTo("you too");

            client.shutdownOutput();
            assertThat(end(server)).isEqualTo(-1);
            say(server, "an answer after the end");
            server.shutdownOutput();
            assertThat(hear(client, 100)).isEqualTo("an answer after the end");
        }
    }

    @Test
    void muchBothWaysAtOnce() throws Exception {
        byte[] much = new byte[20 << 20];
        new Random(1).nextBytes(much);
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start();
                Socket client = client(place);
                Socket server = accepted(place)) {
            FutureTask<Void> forth = start(client, much);
            FutureTask<Void> back = start(server, much);
            FutureTask<byte[]> heard = new FutureTask<>(() -> server.getInputStream().readAllBytes());
            Thread.startVirtualThread(heard);
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
            assertThat(heard.get()).isEqualTo(much);
            forth.get();
            back.get();
        }
    }

    private static FutureTask<Void> start(Socket socket, byte[] bytes) {
        FutureTask<Void> sending = new FutureTask<>(() -> {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return null;
        });
        Thread.startVirtualThread(sending);
        return sending;
    }

    @Test
    void aResetIsPassedOnAndNoNews() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--grace", "0");
                Socket server = passOnReset(place)) {
            assertReset(server);
            proxy.signal("TERM");
            assertThat(proxy.exit()).isEqualTo(143);
            assertThat(proxy.said()).isEmpty();
        }
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("-v");
                Socket server = passOnReset(place)) {
            assertReset(server);
            Await.until(() -> proxy.said().contains("ECONNRESET (Connection reset by peer)\n"));
        }
    }

    private static Socket passOnReset(Place place) throws Exception {
        try (Socket client = client(place)) {
            Socket server = accepted(place);
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            client.setSoLinger(true, 0);
            return server;
        }
    }

    @Test
    void aTargetThatIsDownCostsItsClientAResetAndFewLines() throws Exception {
        int port = Listening.freePort();
        String line = "sluice: connect tcp 127.0.0.1:" + port + ": ECONNREFUSED (Connection refused)";
        try (RunningProxy proxy = RunningProxy.start("tcp:127.0.0.1:" + port)) {
            assertThat(proxy.address()).startsWith("tcp:127.0.0.1:");
            for (int i = 0; i < 200; i++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
                    assertReset(client);
                }
            }
            proxy.signal("TERM");
            assertThat(proxy.exit()).isEqualTo(143);
            List<String> lines = proxy.said().lines().toList();
            assertThat(lines.getFirst()).isEqualTo(line);
            assertThat(lines).hasSizeBetween(2, 20).allMatch(each -> each.startsWith(line));
            int told = lines.size();
            for (String each : lines) {
                Matcher more = MORE.matcher(each);
                told += more.find() ? Integer.parseInt(more.group(1)) : 0;
            }
            assertThat(told).isEqualTo(200);
        }
    }

    @Test
    void anIdleConnectionIsCutAndABusyOneIsNot() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--idle-timeout", "1s");
                Socket idle = client(place);
                Socket idleAccepted = accepted(place);
                Socket busy = client(place);
                Socket busyAccepted = accepted(place)) {
            // One direction that flows keeps both.
            FutureTask<Boolean> cut = new FutureTask<>(() -> {
                assertReset(idle);
                assertReset(idleAccepted);
                return true;
            });
            Thread.startVirtualThread(cut);
            long start = System.nanoTime();
            while (!cut.isDone() || System.nanoTime() - start < 2_500_000_000L) {
                say(busyAccepted, "x");
                assertThat(hear(busy, 1)).isEqualTo("x");
            }
            assertThat(cut.get()).isTrue();
            say(busy, "y");
            assertThat(hear(busyAccepted, 1)).isEqualTo("y");
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalLetsThoseUnderWayFinish(String signal, int code) throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start();
                Socket client = client(place);
                Socket server = accepted(place)) {
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            proxy.signal(signal);
            Await.until(() -> !proxy.listens());
            say(server, "last words");
            server.close();
            assertThat(hear(client, 100)).isEqualTo("last words");
            assertThat(proxy.process().isAlive()).isTrue();
            client.close();
            assertThat(proxy.exit()).isEqualTo(code);
            assertThat(proxy.said()).isEmpty();
        }
    }

    @Test
    void whoeverDoesNotFinishInTheGraceIsCut() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--grace", "300ms");
                Socket client = client(place);
                Socket server = accepted(place)) {
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            proxy.signal("TERM");
            assertReset(client);
            assertReset(server);
            assertThat(proxy.exit()).isEqualTo(143);
            assertThat(proxy.said()).isEqualTo("sluice: cut 1 connection after the grace\n");
        }
    }

    @Test
    void statistics() throws Exception {
        try (Place place = Place.Kind.LOOPBACK.open();
                RunningProxy proxy = place.start("--stats-interval", "100ms")) {
            try (Socket client = client(place);
                    Socket server = accepted(place)) {
                say(client, "12345");
                assertThat(hear(server, 5)).isEqualTo("12345");
                say(server, "123");
                assertThat(hear(client, 3)).isEqualTo("123");
                awaitLine(proxy, "1 connection now, 1 ever; 5 B to the target, 3 B back, ");
            }
            awaitLine(proxy, "0 connections now, 1 ever; 5 B to the target, 3 B back, ");
            assertThat(proxy.said().lines())
                    .allMatch(Pattern.compile("sluice: \\d connections? now, \\d ever; "
                                    + "\\d B to the target, \\d B back, \\d+ B/s")
                            .asMatchPredicate());
        }
    }

    private static void awaitLine(RunningProxy proxy, String beginning) {
        Await.until(() -> proxy.said().contains("sluice: " + beginning));
    }

    @Test
    void unixSocketsAndTheFilesThatTheyMake() throws Exception {
        Result result = Sluice.shell(folder, """
                echo content >in
                "$S" proxy unix:front unix:back 2>err & proxy=$!
                until [ -s err ]; do sleep 0.01; done
                cat err; ls
                "$S" copy in unix-listen:back & copy=$!
                until [ -S back ]; do sleep 0.01; done
                "$S" copy unix:front - && wait $copy
                kill $proxy; wait $proxy; echo $?; ls""");
        assertThat(result.out())
                .isEqualTo("sluice: listening on unix:front\nerr\nfront\nin\ncontent\n143\nerr\nin\n");
    }

    @Test
    @NeedsTool("python3")
    void aListenerThatIsInherited() throws Exception {
        Result result = Sluice.shell(folder, """
                python3 - <<'PYTHON'
                import os, socket, subprocess
                back = socket.create_server(("127.0.0.1", 0))
                front = socket.create_server(("127.0.0.1", 0))
                proxy = subprocess.Popen([os.environ["S"], "proxy", "fd:%d" % front.fileno(),
                    "tcp:127.0.0.1:%d" % back.getsockname()[1]], pass_fds=[front.fileno()], stderr=subprocess.PIPE)
                print(proxy.stderr.readline().startswith(b"sluice: listening on fd:%d" % front.fileno()))
                client = socket.create_connection(front.getsockname())
                server, _ = back.accept()
                client.send(b"hello")
                print(server.recv(10))
                client.close(); server.close()
                proxy.terminate(); print(proxy.wait())
                PYTHON""");
        assertThat(result.succeeded().out()).isEqualTo("True\nb'hello'\n143\n");
    }

    @Test
    void whatIsWrongIsToldInOneLineAndLeavesNothing() throws Exception {
        Files.writeString(folder.resolve("in"), "some bytes\n");
        fails("unix:in tcp:localhost:80", "bind unix in: EADDRINUSE (Address already in use)");
        fails("unix:nope/s tcp:localhost:80", "bind unix nope/s: ENOENT (No such file or directory)");
        fails("tcp:no.such.host.invalid:0 unix:x", "resolve no.such.host.invalid: no such host is known");
        fails("fd:9 unix:x", "adopt fd 9: EBADF (Bad file descriptor)");
        // The JVM's own file.
        fails("fd:3 unix:x", "adopt fd 3: EBADF (Bad file descriptor)");
        fails("systemd: unix:x", "LISTEN_FDS passes no stream socket that listens to this process");
        fails("fd:0 unix:x", "adopt fd 0: ENOTSOCK (Socket operation on non-socket)");
        String path = "x".repeat(108);
        fails(
                "unix:s unix:" + path,
                "connect unix " + path + ": ENAMETOOLONG (File name too long), a socket's path has 107 bytes at most");
        try (RunningProxy proxy = RunningProxy.start("unix:x")) {
            fails("tcp:" + proxy.port() + " unix:x", "bind tcp 127.0.0.1:" + proxy.port()
                    + ": EADDRINUSE (Address already in use)");
        }
        assertThat(Sluice.shell(folder, "ls").out()).isEqualTo("in\n");
    }

    private void fails(String addresses, String line) throws Exception {
        Sluice.shell(folder, "\"$S\" proxy " + addresses + " <in").failed(1, line);
    }
}
