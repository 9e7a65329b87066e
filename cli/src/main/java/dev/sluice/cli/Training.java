// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import dev.sluice.containers.containerd.ContainerdLogger;
import dev.sluice.containers.containerd.LoggerDiary;
import dev.sluice.containers.containerd.LoggerStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Does once, in one JVM, what users do most, so that the JVM can record it for the start-up cache that the launcher
 * makes. Standard input and output are pipes then. What a command answers does not matter here.
 */
final class Training {
    private Training() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try (TemporaryFolder folder = new TemporaryFolder("sluice-training")) {
            train(folder.path());
        }
    }

    private static void train(Path folder) throws IOException, InterruptedException {
        String file = Files.write(folder.resolve("file"), new byte[100_000]).toString();
        String other = folder.resolve("other").toString();
        String fifo = "fifo:" + folder.resolve("fifo") + "?create=0600";
        run("--version");
        run("--help");
        run("no-such-command");
        run("copy", "--help");
        run("copy", "--no-such-option", "-", "-");
        run("copy", folder + "/missing", "-");
        run("copy", "fife:x", "-");
        // The first one takes standard input and output, and leaves nothing of them.
        run("copy", "--stats=json", "-", "-");
        run("copy", "--stats", "--progress", "-n", "10K", file, other);
        run("copy", "--deadline", "10s", "--idle-timeout", "10s", file, other + "?append");
        run("copy", file, "null:");
        run("copy", "--stats=json", file, other, "null:", "exec:cat >/dev/null");
        run("copy", file, "unix-listen:" + folder.resolve("tap") + "?many");
        run("copy", "exec:cat " + file, "exec:cat >/dev/null");
        Thread reader = Thread.ofPlatform().start(() -> run("copy", fifo, "null:"));
        run("copy", file, fifo);
        reader.join();
        proxy(file, folder);
        logger(folder);
        driver(folder);
    }

    /** A log driver that begins, is asked what it is, and ends. */
    private static void driver(Path folder) throws InterruptedException, IOException {
        Path socket = folder.resolve("driver.sock");
        Thread driver = Thread.ofPlatform().start(() -> run(
                "docker-log-driver",
                "--socket", socket.toString(),
                "--dir", folder.resolve("driven").toString(),
                "--control", folder.resolve("control").toString(),
                "--metrics", "unix:" + folder.resolve("metrics")));
        while (driver.isAlive() && !Files.exists(socket)) {
            Thread.sleep(5);
        }
        if (driver.isAlive()) {
            String request = "POST /Plugin.Activate HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n";
            Path typed = Files.writeString(folder.resolve("request"), request);
            run("copy", typed.toString(), "unix:" + socket);
        }
        driver.interrupt();
        driver.join();
    }

    /** containerd's pipes are stood in for; each format has code of its own. */
    private static void logger(Path folder) throws InterruptedException, IOException {
        for (String format : List.of("json-file", "cri", "raw")) {
            Pipe stdout = Pipe.open();
            Pipe stderr = Pipe.open();
            Pipe ready = Pipe.open();
            Thread container = Thread.ofPlatform().start(() -> write(stdout, stderr, ready));
            int ignored = ContainerdLogger.run(
                    List.of("dir", folder.resolve("logs").toString(), "format", format, "max-size", "10m"),
                    Map.of("CONTAINER_ID", format, "CONTAINER_NAMESPACE", "default"),
                    new LoggerDiary(System.err),
                    () -> new LoggerStreams(stdout.source(), stderr.source(), ready.sink()));
            container.join();
        }
    }

    private static void write(Pipe stdout, Pipe stderr, Pipe ready) {
        try (Descriptor out = stdout.sink();
                Descriptor err = stderr.sink();
                Descriptor started = ready.source()) {
            started.read(ByteBuffer.allocate(1));
            out.write(ByteBuffer.wrap("one\ntwo\n".getBytes(US_ASCII)));
            err.write(ByteBuffer.wrap("three\n".getBytes(US_ASCII)));
        } catch (IOException closed) {
            // said by the logger
        }
    }

    /** Between two copies: the one that listens and the one that connects. It runs until it is interrupted. */
    private static void proxy(String file, Path folder) throws InterruptedException {
        Path front = folder.resolve("front");
        Path back = folder.resolve("back");
        Thread proxy = Thread.ofPlatform().start(() -> run("proxy", "unix:" + front, "unix:" + back));
        Thread server = Thread.ofPlatform().start(() -> run("copy", "unix-listen:" + back, "null:"));
        while (proxy.isAlive() && server.isAlive() && !(Files.exists(front) && Files.exists(back))) {
            Thread.sleep(5);
        }
        run("copy", file, "unix:" + front);
        server.join();
        proxy.interrupt();
        proxy.join();
        // TCP has some code of its own.
        run("proxy", "tcp:*:0", "tcp:");
        run("copy", "tcp-listen:0", "tcp:127.0.0.1:1");
    }

    private static void run(String... command) {
        int ignored = Main.run(command);
    }
}
