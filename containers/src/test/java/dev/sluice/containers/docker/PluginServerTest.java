// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.Fifo;
import dev.sluice.Listener;
import dev.sluice.containers.daemon.Daemon;
import dev.sluice.containers.daemon.DaemonSettings;
import dev.sluice.containers.log.JsonText;
import dev.sluice.testing.DockerFrames;
import dev.sluice.testing.FramePlayer;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol, spoken by a client that is not dockerd, with a player of frames for the containers. */
@ExtendWith(NothingLeft.class)
class PluginServerTest {
    private static final String ID = "c0ffee".repeat(10) + "c0de";
    private static final String NEVER = "0001-01-01T00:00:00Z";

    @TempDir
    private Path folder;

    private Path socket;
    private Path fifos;
    private Path logs;
    private Daemon daemon;
    private Running<Daemon.End> run;

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("plugin.sock");
        fifos = Files.createDirectory(folder.resolve("fifos"));
        logs = folder.resolve("logs");
        daemon = new Daemon(new DaemonSettings(logs, folder.resolve("control"), false, Map.of()));
        daemon.serve(
                "docker",
                () -> Listener.open(UnixDomainSocketAddress.of(socket)),
                new PluginServer(daemon.containers(), fifos));
        CountDownLatch ready = new CountDownLatch(1);
        run = OnThread.VIRTUAL.call(() -> daemon.run(ready::countDown));
        assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        run.interrupt();
        assertThat(run.get()).isEqualTo(Daemon.End.STOPPED);
    }

    private Path fifo(String name) throws IOException {
        Path fifo = fifos.resolve(name);
        Fifo.create(fifo);
        return fifo;
    }

    private String startLogging(Path fifo, String... options) throws IOException {
        return PluginClient.call(socket, "/LogDriver.StartLogging", startRequest(fifo.toString(), ID, options));
    }

    private static String startRequest(String file, String id, String... options) {
        Map<String, String> config = options.length == 0 ? Map.of() : Map.of(options[0], options[1]);
        return new JsonText().add("File", file).add("Info", info(id, config)).toString();
    }

    private static JsonText info(String id, Map<String, String> config) {
        return new JsonText()
                .add("Config", config)
                .add("ContainerID", id)
                .add("ContainerName", "/web")
                .add("ContainerImageName", "busybox")
                .add("ContainerCreated", "2026-01-02T03:04:05Z");
    }

    private String stopLogging(Path fifo) throws IOException {
        return PluginClient.call(
                socket, "/LogDriver.StopLogging", new JsonText().add("File", fifo.toString()).toString());
    }

    private PluginClient readLogs(String since, String until, int tail, boolean follow) throws IOException {
        JsonText config = new JsonText()
                .add("Since", since)
                .add("Until", until)
                .add("Tail", tail)
                .add("Follow", follow);
        return PluginClient.ask(
                socket,
                "/LogDriver.ReadLogs",
                new JsonText().add("Info", info(ID, Map.of())).add("Config", config).toString());
    }

    private String allLogs() throws IOException {
        try (PluginClient client = readLogs(NEVER, NEVER, -1, false)) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.isChunked()).isTrue();
            return client.texts(Integer.MAX_VALUE);
        }
    }

    private void awaitNobodyLive() {
        Awaitility.await().until(() -> daemon.containers().live().isEmpty());
    }

    @Test
    void itSaysWhatItIs() throws IOException {
        assertThat(PluginClient.call(socket, "/Plugin.Activate", "")).isEqualTo("{\"Implements\":[\"LogDriver\"]}");
        assertThat(PluginClient.call(socket, "/LogDriver.Capabilities", "{}"))
                .isEqualTo("{\"Cap\":{\"ReadLogs\":true}}");
    }

    @Test
    void whatAContainerWritesIsThereWhenItHasStopped() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo)) {
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 5000; i++) {
                player.line(i % 3 == 0 ? "stderr" : "stdout", "line " + i);
                expected.append("line ").append(i).append('\n');
            }
            // dockerd still has its end open.
            assertThat(stopLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
            assertThat(allLogs()).isEqualTo(expected.toString());
            assertThat(daemon.containers().live()).hasSize(1);
        }
        awaitNobodyLive();
        assertThat(Files.readString(logs.resolve(ID).resolve("container.json")))
                .contains("\"state\":\"ended\"", "\"name\":\"web\"", "\"image\":\"busybox\"");
    }

    private FramePlayer started(Path fifo, String... options) throws IOException {
        assertThat(startLogging(fifo, options)).isEqualTo("{\"Err\":\"\"}");
        return FramePlayer.open(fifo);
    }

    @Test
    void aStopLosesNothingThatIsInThePipe() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo)) {
            for (int round = 0; round < 20; round++) {
                player.line("stdout", "round " + round);
            }
            assertThat(stopLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
            assertThat(Files.readAllLines(logs.resolve(ID).resolve("container.log"))).hasSize(20);
            player.line("stdout", "late");
        }
        awaitNobodyLive();
        assertThat(Files.readAllLines(logs.resolve(ID).resolve("container.log"))).hasSize(21);
    }

    @Test
    void piecesOfALineComeWithoutABreak() throws Exception {
        Path fifo = fifo("a1");
        String longLine = "0123456789".repeat(4001);
        try (FramePlayer player = started(fifo)) {
            player.line("stdout", longLine).line("stdout", "").line("stdout", "x".repeat(DockerFrames.LONGEST_PIECE));
            player.bytes(DockerFrames.piece("stdout", 5, "no end".getBytes(UTF_8), false, 1));
            stopLogging(fifo);
        }
        awaitNobodyLive();
        assertThat(allLogs())
                .isEqualTo(longLine + "\n\n" + "x".repeat(DockerFrames.LONGEST_PIECE) + "\nno end");
    }

    @Test
    void readersOfAStoppedContainerLeaveItsLogAlone() throws Exception {
        Path first = fifo("a1");
        try (FramePlayer player = started(first)) {
            player.line("stdout", "once");
            stopLogging(first);
        }
        awaitNobodyLive();
        String log = Files.readString(logs.resolve(ID).resolve("container.log"));
        String state = Files.readString(logs.resolve(ID).resolve("container.json"));
        for (int i = 0; i < 3; i++) {
            Path fifo = fifo("b" + i);
            try (FramePlayer _ = started(fifo)) {
                assertThat(allLogs()).isEqualTo("once\n");
                assertThat(stopLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
            }
            Files.delete(fifo);
            awaitNobodyLive();
        }
        assertThat(Files.readString(logs.resolve(ID).resolve("container.log"))).isEqualTo(log);
        assertThat(Files.readString(logs.resolve(ID).resolve("container.json"))).isEqualTo(state);
    }

    @Test
    void tailSinceAndUntil() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo)) {
            for (int i = 1; i <= 9; i++) {
                // the player's times: 2023-11-14T22:13:20.00NZ
                player.line("stdout", "line " + i);
            }
            stopLogging(fifo);
            try (PluginClient client = readLogs(NEVER, NEVER, 2, false)) {
                assertThat(client.texts(99)).isEqualTo("line 8\nline 9\n");
            }
            try (PluginClient client = readLogs("2023-11-14T22:13:20.007Z", NEVER, -1, false)) {
                assertThat(client.texts(99)).isEqualTo("line 7\nline 8\nline 9\n");
            }
            try (PluginClient client = readLogs(NEVER, "2023-11-15T00:13:20.002+02:00", -1, false)) {
                assertThat(client.texts(99)).isEqualTo("line 1\nline 2\n");
            }
            try (PluginClient client = readLogs(NEVER, NEVER, 0, false)) {
                assertThat(client.texts(99)).isEmpty();
            }
        }
    }

    @Test
    void whoFollowsGetsEachLineAtOnceAndTheEnd() throws Exception {
        Path fifo = fifo("a1");
        assertThat(startLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
        try (PluginClient client = readLogs(NEVER, NEVER, -1, true)) {
            try (FramePlayer player = FramePlayer.open(fifo)) {
                for (int i = 0; i < 100; i++) {
                    player.line("stdout", "line " + i);
                    assertThat(client.texts(1)).isEqualTo("line " + i + "\n");
                }
                stopLogging(fifo);
            }
            assertThat(client.frame()).isNull();
        }
    }

    @Test
    void whoFollowsAQuietLogAndGoesIsMissedAtOnce() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo)) {
            player.line("stdout", "before");
            try (PluginClient client = readLogs(NEVER, NEVER, -1, true)) {
                assertThat(client.texts(1)).isEqualTo("before\n");
                assertThat(openLogs()).isEqualTo(2); // the one that writes, and this reader
            }
            Awaitility.await()
                    .atMost(Duration.ofMillis(500)) // 100 ms on a machine that does nothing else
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> openLogs() == 1);
            player.line("stdout", "after");
        }
        awaitNobodyLive();
        assertThat(allLogs()).isEqualTo("before\nafter\n");
    }

    private long openLogs() throws IOException {
        Path log = logs.resolve(ID).resolve("container.log").toRealPath();
        long open = 0;
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                open += isLinkTo(log, number) ? 1 : 0;
            }
        }
        return open;
    }

    private static boolean isLinkTo(Path log, Path number) {
        try {
            return Files.readSymbolicLink(number).equals(log);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void theEndOfTheDaemonEndsWhoFollows() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo);
                PluginClient client = readLogs(NEVER, NEVER, -1, true)) {
            player.line("stdout", "before");
            assertThat(client.texts(1)).isEqualTo("before\n");
            run.interrupt();
            assertThat(client.frame()).isNull();
            assertThat(run.get()).isEqualTo(Daemon.End.STOPPED);
        }
    }

    @Test
    void aSecondStartForTheSameFifoChangesNothing() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo)) {
            assertThat(startLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
            player.line("stdout", "once");
            assertThat(stopLogging(fifo)).isEqualTo("{\"Err\":\"\"}");
            assertThat(allLogs()).isEqualTo("once\n");
        }
    }

    @Test
    void manyContainersAtOnce() throws Exception {
        List<Running<String>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String id = "container" + i;
            Path fifo = fifo(id);
            all.add(OnThread.PLATFORM.call(() -> {
                PluginClient.call(socket, "/LogDriver.StartLogging", startRequest(fifo.toString(), id));
                try (FramePlayer player = FramePlayer.open(fifo)) {
                    for (int line = 0; line < 300; line++) {
                        player.line("stdout", id + " " + line);
                    }
                    return stopLogging(fifo);
                }
            }));
        }
        for (Running<String> each : all) {
            assertThat(each.get()).isEqualTo("{\"Err\":\"\"}");
        }
        for (int i = 0; i < 30; i++) {
            List<String> lines =
                    Files.readAllLines(logs.resolve("container" + i).resolve("container.log"));
            assertThat(lines).hasSize(300);
            assertThat(lines.getLast()).contains("{\"log\":\"container" + i + " 299\\n\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/etc/passwd        | '/etc/passwd' is no file in",
                "FIFOS/../a         | is no file in",
                "FIFOS/sub/a        | is no file in",
                "FIFOS              | is no file in",
                "a                  | 'a' is no file in",
                "FIFOS/missing      | ENOENT",
                "FIFOS/file         | not a FIFO",
                "FIFOS/link         | ELOOP",
            })
    void aFifoThatIsNoneIsRefused(String file, String complaint) throws Exception {
        Files.createFile(fifos.resolve("file"));
        Fifo.create(folder.resolve("real"));
        Files.createSymbolicLink(fifos.resolve("link"), folder.resolve("real"));
        String answer = PluginClient.call(
                socket, "/LogDriver.StartLogging", startRequest(file.replace("FIFOS", fifos.toString()), ID));
        assertThat(answer).startsWith("{\"Err\":\"").contains(complaint);
        assertThat(logs.resolve(ID)).doesNotExist();
        assertThat(daemon.containers().live()).isEmpty();
    }

    @Test
    void wrongOptionsAndIdsLeaveNothingBehind() throws Exception {
        Path fifo = fifo("a1");
        assertThat(startLogging(fifo, "max-sise", "1m"))
                .contains("{\"Err\":\"unknown log opt 'max-sise': there are compress, env, env-regex, format, labels");
        for (String id : List.of("../evil", "", ".", "a/b", "x".repeat(200))) {
            assertThat(PluginClient.call(
                            socket, "/LogDriver.StartLogging", startRequest(fifo.toString(), id)))
                    .startsWith("{\"Err\":\"a container cannot be called");
        }
        try (Stream<Path> left = Files.list(logs)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).allMatch(name -> name.startsWith("."));
        }
        assertThat(daemon.containers().live()).isEmpty();
    }

    @Test
    void requestsThatMakeNoSense() throws Exception {
        assertThat(PluginClient.call(socket, "/LogDriver.StartLogging", "{\"File\":"))
                .startsWith("{\"Err\":\"no JSON");
        assertThat(PluginClient.call(socket, "/LogDriver.StopLogging", "[]")).isEqualTo("{\"Err\":\"no JSON object\"}");
        assertThat(PluginClient.call(socket, "/LogDriver.StopLogging", "{}")).contains("no string 'File'");
        try (PluginClient client = PluginClient.ask(socket, "/VolumeDriver.Create", "{}")) {
            assertThat(client.status()).isEqualTo(404);
            assertThat(client.body()).isEqualTo("{\"Err\":\"a log driver has no /VolumeDriver.Create\"}");
        }
        try (PluginClient client = readLogs(NEVER, NEVER, -1, false)) {
            assertThat(client.status()).isEqualTo(500);
            assertThat(client.body()).isEqualTo("{\"Err\":\"there is no log of container " + ID + "\"}");
        }
    }

    @Test
    void aBodyHasABound() throws Exception {
        try (Connection connection = Connection.connect(UnixDomainSocketAddress.of(socket))) {
            connection.setReadDeadline(Duration.ofSeconds(20));
            connection.write(ByteBuffer.wrap(("POST /LogDriver.StartLogging HTTP/1.1\r\nHost: \r\n"
                            + "Content-Length: 999999999999\r\n\r\n" + " ".repeat((1 << 20) + 1))
                    .getBytes(UTF_8)));
            byte[] answer = connection.inputStream().readNBytes(12);
            assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 400");
        }
    }

    @Test
    void aRawLogHasNoTimes() throws Exception {
        Path fifo = fifo("a1");
        try (FramePlayer player = started(fifo, "format", "raw")) {
            player.line("stdout", "one").line("stderr", "two");
            stopLogging(fifo);
            assertThat(allLogs()).isEqualTo("one\ntwo\n");
            try (PluginClient client = readLogs("2023-11-14T22:13:20.007Z", NEVER, -1, false)) {
                assertThat(client.status()).isEqualTo(500);
                assertThat(client.body()).contains("is kept as raw");
            }
        }
    }
}
