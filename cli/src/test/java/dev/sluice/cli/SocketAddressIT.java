// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.Needs;
import dev.sluice.testing.NeedsTool;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses of a copy that are sockets, at either end. */
class SocketAddressIT {
    private static final String LISTENS = "sluice: listening on tcp:";

    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        Files.writeString(folder.resolve("in"), "some bytes\n");
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    private static ServerSocket server() throws Exception {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    /** The port that it says it has chosen. */
    private static int port(Process listening) throws Exception {
        String line = Processes.errorLine(listening);
        assertThat(line).startsWith(LISTENS);
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    private static String text(InputStream stream) throws Exception {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionIsReadToItsEnd() throws Exception {
        try (ServerSocket server = server()) {
            Process copy = Sluice.command("copy", "tcp:localhost:" + server.getLocalPort(), "-").start();
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                peer.shutdownOutput();
                assertThat(Result.of(copy)).isEqualTo(new Result(0, "hello", ""));
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void aConnectionThatIsWrittenIsHalfClosedAtTheEnd() throws Exception {
        try (ServerSocket server = server()) {
            Process copy = Sluice.script(folder, "exec \"$S\" copy in tcp:127.0.0.1:" + server.getLocalPort()).start();
            try (Socket peer = server.accept()) {
                assertThat(text(peer.getInputStream())).isEqualTo("some bytes\n");
            }
            Result.of(copy).succeeded();
        }
    }

    /** To close what holds something unread resets it, and what has not been sent then is lost. */
    @Test
    void aPeerThatTalksAndReadsSlowlyLosesNothing() throws Exception {
        byte[] much = new byte[16 << 20];
        new Random(1).nextBytes(much);
        Files.write(folder.resolve("much"), much);
        try (ServerSocket server = server()) {
            Process copy =
                    Sluice.script(folder, "exec \"$S\" copy much tcp:127.0.0.1:" + server.getLocalPort()).start();
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write("220 welcome".getBytes(StandardCharsets.UTF_8));
                byte[] first = peer.getInputStream().readNBytes(much.length - (1 << 20));
                peer.getOutputStream().write("250 go on".getBytes(StandardCharsets.UTF_8));
                byte[] rest = peer.getInputStream().readAllBytes();
                assertThat(first).isEqualTo(Arrays.copyOf(much, first.length));
                assertThat(rest).isEqualTo(Arrays.copyOfRange(much, first.length, much.length));
            }
            Result.of(copy).succeeded();
        }
    }

    @Test
    void aPeerThatResetsBeforeItHasReadAllIsGone() throws Exception {
        Files.write(folder.resolve("much"), new byte[32 << 20]); // more than the kernel would keep for it
        try (ServerSocket server = server()) {
            String target = "tcp:127.0.0.1:" + server.getLocalPort();
            Process copy = Sluice.script(folder, "exec \"$S\" copy much " + target).start();
            try (Socket peer = server.accept()) {
                assertThat(peer.getInputStream().read()).isZero();
                peer.setSoLinger(true, 0);
            }
            Result result = Result.of(copy);
            assertThat(result.err()).isEmpty();
            assertThat(result.exit()).isEqualTo(141);
        }
    }

    @Test
    void aQuietCopyEndsWhenItsPeerIsReset() throws Exception {
        try (ServerSocket server = server()) {
            Process copy = Sluice.command("copy", "-", "tcp:127.0.0.1:" + server.getLocalPort()).start();
            try (Socket peer = server.accept()) {
                Await.until(() -> Processes.isPolling(copy));
                // A half-close is no going: the peer reads on.
                peer.shutdownOutput();
                copy.getOutputStream().write('x');
                copy.getOutputStream().flush();
                assertThat(peer.getInputStream().read()).isEqualTo('x');
                peer.setSoLinger(true, 0);
            }
            assertThat(copy.waitFor()).isEqualTo(141); // and its input is open still
            assertThat(text(copy.getErrorStream())).isEmpty();
        }
    }

    @Test
    void aCopyThatFailsResetsItsPeer() throws Exception {
        try (ServerSocket server = server()) {
            Process copy = Sluice.command("copy", "/proc/self/mem", "tcp:127.0.0.1:" + server.getLocalPort()).start();
            try (Socket peer = server.accept()) {
                assertThat(catchThrowable(peer.getInputStream()::read))
                        .hasMessageContaining("reset");
            }
            Result.of(copy).failed(1, "read /proc/self/mem: EIO (Input/output error)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "localhost", "*", "0.0.0.0", "[::]"})
    void oneConnectionIsAccepted(String host) throws Exception {
        Needs.check(!host.contains("::") || Files.exists(Path.of("/proc/net/if_inet6")), "IPv6");
        Process copy = Sluice.command("copy", "tcp-listen:" + host + ":0", "-").start();
        int port = port(copy);
        String to = host.startsWith("[") ? "[::1]" : "127.0.0.1";
        sh("\"$S\" copy in tcp:" + to + ":" + port).succeeded();
        assertThat(Result.of(copy).succeeded().out()).isEqualTo("some bytes\n");
    }

    @Test
    void itListensOnLoopbackAndForOneConnectionAlone() throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy in tcp-listen:0").start();
        int port = port(copy);
        try (Socket peer = new Socket()) {
            peer.connect(new InetSocketAddress("127.0.0.1", port));
            assertThat(text(peer.getInputStream())).isEqualTo("some bytes\n");
            sh("\"$S\" copy tcp:127.0.0.1:" + port + " -")
                    .failed(1, "connect tcp 127.0.0.1:" + port + ": ECONNREFUSED (Connection refused)");
        }
        assertThat(Result.of(copy).exit()).isZero();
    }

    @Test
    void bothEndsListen() throws Exception {
        Result result = sh("""
                "$S" copy unix-listen:a unix-listen:b & copy=$!
                until [ -S b ]; do sleep 0.01; done
                "$S" copy unix:b - & reader=$!
                "$S" copy in unix:a && wait $copy && wait $reader
                ls""");
        assertThat(result.succeeded().out()).isEqualTo("some bytes\nin\n");
    }

    @Test
    void aDestinationThatCannotGo() throws Exception {
        Process copy = Sluice.command("copy", "tcp-listen:0", "null:").start();
        sh("\"$S\" copy in tcp:127.0.0.1:" + port(copy)).succeeded();
        Result.of(copy).succeeded();
    }

    @Test
    void anAbstractName() throws Exception {
        String name = "@sluice-test-" + ProcessHandle.current().pid();
        Result result = sh("""
                "$S" copy unix-listen:%1$s - & copy=$!
                until grep -q %1$s /proc/net/unix; do sleep 0.01; done
                "$S" copy in unix:%1$s && wait $copy && ls""".formatted(name));
        assertThat(result.succeeded().out()).isEqualTo("some bytes\nin\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix-listen:s out", "in unix-listen:s", "tcp-listen:127.0.0.1:0 out"})
    void whoeverNeverComesIsNotWaitedForForEver(String addresses) throws Exception {
        assertThat(sh("\"$S\" copy --deadline 100ms " + addresses + "; echo $?; ls").out()).isEqualTo("124\nin\n");
        assertThat(sh("\"$S\" copy --idle-timeout 100ms " + addresses + "; echo $?; ls").out()).isEqualTo("124\nin\n");
        Process copy = Sluice.script(folder, "exec \"$S\" copy " + addresses).start();
        Await.until(() -> Processes.isPolling(copy));
        Processes.signal(copy, "TERM");
        assertThat(copy.waitFor()).isEqualTo(143);
        assertThat(sh("ls").out()).isEqualTo("in\n");
    }

    @Test
    void aListenerIsNotWaitedForWhenItsDestinationGoes() throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy unix-listen:s -").start();
        Await.until(() -> Processes.isPolling(copy));
        copy.getInputStream().close();
        assertThat(copy.waitFor()).isEqualTo(141);
        assertThat(text(copy.getErrorStream())).isEmpty();
        assertThat(folder.resolve("s")).doesNotExist();
    }

    @Test
    void aConnectionThatIsNotMadeInTime() throws Exception {
        // A listener whose queue is full answers nobody.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            String address = "tcp:127.0.0.1:" + full.getLocalPort();
            Result late = sh("\"$S\" copy --stats=json --deadline 200ms " + address + " out; code=$?; ls; exit $code");
            assertThat(late.exit()).isEqualTo(124);
            assertThat(late.out()).isEqualTo("in\n");
            assertThat(late.err()).contains("\"end\":\"deadline\"");

            Process copy = Sluice.command("copy", address, "-").start();
            Await.until(() -> Processes.isPolling(copy));
            Processes.signal(copy, "INT");
            assertThat(copy.waitFor()).isEqualTo(130);
            assertThat(text(copy.getErrorStream())).isEmpty();
        }
    }

    @Test
    void whatIsWrongIsToldInOneLineAndLeavesNothing() throws Exception {
        String missing = "x".repeat(120);
        sh("\"$S\" copy tcp:127.0.0.1:1 new").failed(1, "connect tcp 127.0.0.1:1: ECONNREFUSED (Connection refused)");
        sh("\"$S\" copy tcp:no.such.host.invalid:80 new")
                .failed(1, "resolve no.such.host.invalid: no such host is known");
        sh("\"$S\" copy unix:nope new").failed(1, "connect unix nope: ENOENT (No such file or directory)");
        sh("\"$S\" copy unix:in new").failed(1, "connect unix in: ECONNREFUSED (Connection refused)");
        sh("\"$S\" copy in unix-listen:in").failed(1, "bind unix in: EADDRINUSE (Address already in use)");
        sh("\"$S\" copy in unix-listen:nope/s").failed(1, "bind unix nope/s: ENOENT (No such file or directory)");
        sh("\"$S\" copy in unix-listen:" + missing)
                .failed(
                        1,
                        "bind unix " + missing
                                + ": ENAMETOOLONG (File name too long), a socket's path has 107 bytes at most");
        try (ServerSocket server = server()) {
            int port = server.getLocalPort();
            sh("\"$S\" copy in tcp-listen:" + port)
                    .failed(1, "bind tcp 127.0.0.1:" + port + ": EADDRINUSE (Address already in use)");
        }
        sh("\"$S\" copy nope unix-listen:s").failed(1, "open nope: ENOENT (No such file or directory)");
        sh("\"$S\" copy unix-listen:s nope/new").failed(1, "open nope/new: ENOENT (No such file or directory)");
        assertThat(sh("ls").out()).isEqualTo("in\n");
    }

    @Test
    @NeedsTool("socat")
    void othersAtTheOtherEnd() throws Exception {
        Result result = sh("""
                head -c 5M /dev/urandom >big
                "$S" copy big unix-listen:s & copy=$!
                until [ -S s ]; do sleep 0.01; done
                socat -u UNIX-CONNECT:s - | cmp - big && wait $copy
                socat -u UNIX-LISTEN:s OPEN:got,creat & until [ -S s ]; do sleep 0.01; done
                "$S" copy big unix:s && wait && cmp big got""");
        result.succeeded();
    }
}
