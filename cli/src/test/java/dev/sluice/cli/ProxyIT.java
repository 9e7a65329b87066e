// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice proxy}, as it is started by users. */
class ProxyIT {
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

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> end(socket)).hasMessageContaining("reset");
    }

    @Test
    void whatIsSaidIsHeardBothWaysAndSoIsTheEndOfEach() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess();
                Socket client = proxy.client();
                Socket server = proxy.accepted()) {
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
        try (ProxyProcess proxy = new ProxyProcess();
                Socket client = proxy.client();
                Socket server = proxy.accepted()) {
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
        try (ProxyProcess proxy = new ProxyProcess("--grace", "0");
                Socket server = passOnReset(proxy)) {
            assertReset(server);
            proxy.signal("TERM");
            assertThat(proxy.rest()).isEmpty();
        }
        try (ProxyProcess proxy = new ProxyProcess("-v");
                Socket server = passOnReset(proxy)) {
            assertReset(server);
            assertThat(proxy.errorLine()).contains("ECONNRESET (Connection reset by peer)");
        }
    }

    private static Socket passOnReset(ProxyProcess proxy) throws IOException {
        try (Socket client = proxy.client()) {
            Socket server = proxy.accepted();
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            client.setSoLinger(true, 0);
            return server;
        }
    }

    @Test
    void aTargetThatIsDownCostsItsClientAResetAndFewLines() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess()) {
            String target = "tcp 127.0.0.1:" + proxy.server().getLocalPort();
            String line = "sluice: connect " + target + ": ECONNREFUSED (Connection refused)";
            proxy.server().close();
            for (int i = 0; i < 200; i++) {
                try (Socket client = proxy.client()) {
                    assertReset(client);
                }
            }
            proxy.signal("TERM");
            assertThat(proxy.exit()).isEqualTo(143);
            String[] lines = proxy.rest().split("\n");
            assertThat(lines[0]).isEqualTo(line);
            assertThat(lines).hasSizeBetween(2, 20).allMatch(each -> each.startsWith(line));
            int told = lines.length;
            for (String each : lines) {
                int more = each.indexOf(", and ");
                told += more < 0 ? 0 : Integer.parseInt(each.substring(more + ", and ".length(), each.indexOf(" more")));
            }
            assertThat(told).isEqualTo(200);
        }
    }

    @Test
    void aTargetThatDoesNotAnswerIsGivenUp() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess("--connect-timeout", "200ms")) {
            // Its queue is full: the backlog and one more.
            Socket[] queue = new Socket[102];
            for (int i = 0; i < 101; i++) {
                queue[i] = new Socket(proxy.server().getInetAddress(), proxy.server().getLocalPort());
            }
            try (Socket client = proxy.client()) {
                assertReset(client);
            }
            assertThat(proxy.errorLine()).endsWith(": the deadline has passed");
            for (int i = 0; i < 101; i++) {
                queue[i].close();
            }
        }
    }

    @Test
    void moreConnectionsThanThereMayBeWait() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess("--max-connections", "2");
                Socket first = proxy.client();
                Socket firstAccepted = proxy.accepted();
                Socket second = proxy.client();
                Socket secondAccepted = proxy.accepted();
                Socket third = proxy.client()) {
            say(second, "x");
            assertThat(hear(secondAccepted, 1)).isEqualTo("x");
            say(third, "waits"); // the kernel has taken the connection, nobody has accepted it
            proxy.server().setSoTimeout(300);
            assertThatThrownBy(proxy::accepted).hasMessageContaining("timed out");

            first.close();
            firstAccepted.close();
            proxy.server().setSoTimeout(30_000);
            try (Socket thirdAccepted = proxy.accepted()) {
                assertThat(hear(thirdAccepted, 5)).isEqualTo("waits");
            }
        }
    }

    @Test
    void anIdleConnectionIsCutAndABusyOneIsNot() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess("--idle-timeout", "1s");
                Socket idle = proxy.client();
                Socket idleAccepted = proxy.accepted();
                Socket busy = proxy.client();
                Socket busyAccepted = proxy.accepted()) {
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
        try (ProxyProcess proxy = new ProxyProcess();
                Socket client = proxy.client();
                Socket server = proxy.accepted()) {
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            proxy.signal(signal);
            Await.until(() -> !listens(proxy.port()));
            say(server, "last words");
            server.close();
            assertThat(hear(client, 100)).isEqualTo("last words");
            assertThat(proxy.process().isAlive()).isTrue();
            client.close();
            assertThat(proxy.exit()).isEqualTo(code);
            assertThat(proxy.rest()).isEmpty();
        }
    }

    /** To connect would be to begin another connection. */
    private static boolean listens(int port) throws IOException {
        String listening = String.format("0100007F:%04X 00000000:0000 0A", port);
        return Files.readString(Path.of("/proc/net/tcp")).contains(listening);
    }

    @Test
    void whoeverDoesNotFinishInTheGraceIsCut() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess("--grace", "300ms");
                Socket client = proxy.client();
                Socket server = proxy.accepted()) {
            say(client, "x");
            assertThat(hear(server, 1)).isEqualTo("x");
            proxy.signal("TERM");
            assertReset(client);
            assertReset(server);
            assertThat(proxy.exit()).isEqualTo(143);
            assertThat(proxy.rest()).isEqualTo("sluice: cut 1 connection after the grace\n");
        }
    }

    @Test
    void statistics() throws Exception {
        try (ProxyProcess proxy = new ProxyProcess("--stats-interval", "100ms")) {
            Socket client = proxy.client();
            Socket server = proxy.accepted();
            say(client, "12345");
            assertThat(hear(server, 5)).isEqualTo("12345");
            say(server, "123");
            assertThat(hear(client, 3)).isEqualTo("123");
            awaitLine(proxy, "1 connection now, 1 ever; 5 B to the target, 3 B back, ");
            client.close();
            server.close();
            awaitLine(proxy, "0 connections now, 1 ever; 5 B to the target, 3 B back, ");
        }
    }

    private static void awaitLine(ProxyProcess proxy, String beginning) {
        Await.until(() -> {
            String line = proxy.errorLine();
            assertThat(line).matches("sluice: \\d connections? now, \\d ever; \\d B to the target, \\d B back, \\d+ B/s");
            return line.startsWith("sluice: " + beginning);
        });
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
        fails("fd:0 unix:x", "adopt fd 0: ENOTSOCK (Socket operation on non-socket)");
        String path = "x".repeat(108);
        fails(
                "unix:s unix:" + path,
                "connect unix " + path + ": ENAMETOOLONG (File name too long), a socket's path has 107 bytes at most");
        try (ProxyProcess proxy = new ProxyProcess()) {
            fails("tcp:" + proxy.port() + " unix:x", "bind tcp 127.0.0.1:" + proxy.port()
                    + ": EADDRINUSE (Address already in use)");
        }
        assertThat(Sluice.shell(folder, "ls").out()).isEqualTo("in\n");
    }

    private void fails(String addresses, String line) throws Exception {
        Sluice.shell(folder, "\"$S\" proxy " + addresses + " <in").failed(1, line);
    }
}
