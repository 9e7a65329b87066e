// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.Pipe;
import dev.sluice.containers.log.Carries;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.FramePlayer;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed with -9 at random moments under full flow, and started anew: each byte is logged once. */
@ExtendWith(NothingLeft.class)
class KilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = 8;
    private static final long SEED = 20_261_124;

    private final Random random = new Random(SEED);

    @TempDir
    private Path folder;

    private Path logs;
    private Path control;
    private FakeManager manager;
    private RunningDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        logs = folder.resolve("logs");
        control = folder.resolve("control.sock");
        manager = new FakeManager(folder.resolve("notify"));
        daemon = manager.start(logs, control).awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        daemon.close();
        manager.close();
    }

    private void log(String id, LogFormat format, Descriptor source, Carries carries) throws IOException {
        ContainerDescription container = ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(format));
        ControlClient.log(control, container, List.of(new Source("s", carries, source, null)), PATIENCE);
        source.close();
    }

    private void awaitEnded(String id) {
        Path json = logs.resolve(id).resolve("container.json");
        Awaitility.await().atMost(PATIENCE).until(() -> !ContainerJson.read(Files.readString(json))
                .isLive());
    }

    @Test
    void rawLinesAndFramesAreWholeThoughTheDaemonIsKilledAgainAndAgain() throws Exception {
        Pipe raw = Pipe.open();
        Pipe cri = Pipe.open();
        Pipe json = Pipe.open();
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        log("raw", LogFormat.RAW, raw.source(), Carries.STDOUT);
        log("cri", LogFormat.CRI, cri.source(), Carries.STDOUT);
        log("json", LogFormat.JSON_FILE, json.source(), Carries.STDERR);
        log("docker", LogFormat.RAW, Fifo.open(fifo), Carries.DOCKER_FRAMES);
        Numbered rawFlow = Numbered.start(raw.sink(), 1000);
        Numbered criFlow = Numbered.start(cri.sink(), 100);
        Numbered jsonFlow = Numbered.start(json.sink(), 100);
        Frames frames = new Frames(fifo);

        for (int i = 0; i < TIMES; i++) {
            Thread.sleep(random.nextInt(300));
            daemon.kill();
            daemon.close();
            daemon = manager.start(logs, control);
            daemon.awaitReady();
            assertThat(daemon.output()).doesNotContain("SEVERE");
        }
        long rawLines = rawFlow.end();
        long criLines = criFlow.end();
        long jsonLines = jsonFlow.end();
        long framesWritten = frames.end();
        for (String id : List.of("raw", "cri", "json", "docker")) {
            awaitEnded(id);
        }
        Numbered.assertWhole(logs.resolve("raw/stdout.log"), rawLines);
        Numbered.assertWhole(logs.resolve("docker/stdout.log"), framesWritten);
        Path text = folder.resolve("text");
        try (var lines = Files.lines(logs.resolve("cri/container.log"))) {
            Files.write(text, (Iterable<String>) lines.map(KilledTest::textOfCri)::iterator);
        }
        Numbered.assertWhole(text, criLines);
        try (var lines = Files.lines(logs.resolve("json/container.log"))) {
            Files.write(text, (Iterable<String>) lines.map(KilledTest::textOfJson)::iterator);
        }
        Numbered.assertWhole(text, jsonLines);
        assertThat(List.of(rawLines, criLines, jsonLines, framesWritten)).allMatch(count -> count > 100);
        assertThat(daemon.terminate().exit()).isZero();
    }

    private static String textOfCri(String line) {
        String[] parts = line.split(" ", 4);
        assertThat(parts[1] + parts[2]).isEqualTo("stdoutF");
        return parts[3];
    }

    private static String textOfJson(String line) {
        String text = ContainerJson.parse(line).path("log").textValue();
        assertThat(text).endsWith("\n");
        return text.substring(0, text.length() - 1);
    }

    /** Plays dockerd until it is told to end. */
    private static final class Frames {
        private final FutureTask<Long> playing;
        private volatile boolean enough;

        Frames(Path fifo) {
            playing = new FutureTask<>(() -> {
                long written = 0;
                try (FramePlayer player = FramePlayer.open(fifo)) {
                    for (; !enough; written++) {
                        player.line("stdout", Numbered.line(written).stripTrailing());
                        if (written % 100 == 99) {
                            Thread.sleep(1);
                        }
                    }
                }
                return written;
            });
            Thread.ofPlatform().daemon().start(playing);
        }

        long end() throws Exception {
            enough = true;
            return playing.get();
        }
    }
}
