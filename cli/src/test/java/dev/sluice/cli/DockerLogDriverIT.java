// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log driver as users start it; what it does for Docker is tested where it is made. */
class DockerLogDriverIT {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Process start(Path errors, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "docker-log-driver",
                "--socket", socket().toString(),
                "--dir", folder.resolve("logs").toString(),
                "--control", folder.resolve("control/c").toString()));
        words.addAll(List.of(more));
        Process process = Sluice.command(words.toArray(String[]::new))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process serving(Path errors, String... more) throws IOException {
        Process process = start(errors, more);
        Await.until(() -> !process.isAlive() || Files.readString(errors).contains("\n"));
        assertThat(process.isAlive()).as(Files.readString(errors)).isTrue();
        return process;
    }

    private Path socket() {
        return folder.resolve("plugins/mine.sock");
    }

    private String greeting() {
        return "Docker's log driver mine at " + socket() + ", logs in " + folder.resolve("logs") + "\n";
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String ask(Path socket, String method, String path) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: \r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            client.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
            StringBuilder answer = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (client.read(buffer.clear()) >= 0) {
                answer.append(UTF_8.decode(buffer.flip()));
            }
            return answer.toString();
        }
    }

    @Test
    void itServesUntilItIsTerminated() throws Exception {
        Path errors = folder.resolve("errors");
        Path metrics = folder.resolve("metrics");
        Process process = serving(errors, "--metrics", "unix:" + metrics);
        assertThat(errors).hasContent("sluice: serving " + greeting());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket()))).isEqualTo("rw-------");
        assertThat(ask(socket(), "POST", "/Plugin.Activate"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("{\"Implements\":[\"LogDriver\"]}");
        assertThat(ask(metrics, "GET", "/metrics")).contains("\nsluice_");
        Processes.signal(process, "TERM");
        assertThat(exit(process)).isZero();
        assertThat(socket()).doesNotExist();
        assertThat(errors).hasContent("sluice: serving " + greeting());
    }

    @Test
    void oneThatWasKilledIsReplacedAndOneThatServesIsNot() throws Exception {
        Process killed = serving(folder.resolve("one"));
        killed.destroyForcibly();
        exit(killed);
        serving(folder.resolve("two"));
        Path errors = folder.resolve("three");
        assertThat(exit(start(errors))).isEqualTo(1);
        assertThat(Files.readString(errors)).startsWith("sluice: ").hasLineCount(1);
        assertThat(ask(socket(), "POST", "/Plugin.Activate")).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void anotherTakesOver() throws Exception {
        Path oldErrors = folder.resolve("old");
        Process old = serving(oldErrors);
        Path errors = folder.resolve("new");
        Process process = serving(errors, "--take-over");
        assertThat(Files.readString(errors)).isEqualTo("sluice: has taken over, and serves " + greeting());
        assertThat(exit(old)).isZero();
        assertThat(Files.readString(oldErrors)).endsWith("sluice: another process has taken over\n");
        assertThat(ask(socket(), "POST", "/Plugin.Activate")).startsWith("HTTP/1.1 200 OK");
        Processes.signal(process, "TERM");
        assertThat(exit(process)).isZero();
    }

    @Test
    void aFolderThatIsNone() throws Exception {
        Path errors = folder.resolve("errors");
        Files.createFile(folder.resolve("logs"));
        assertThat(exit(start(errors))).isEqualTo(1);
        assertThat(Files.readString(errors)).startsWith("sluice: ").contains("logs").hasLineCount(1);
    }
}
