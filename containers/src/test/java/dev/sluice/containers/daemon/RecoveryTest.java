// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.Pipe;
import dev.sluice.containers.log.Boot;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class RecoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ServiceManager NO_MANAGER = ServiceManager.of(Map.of());

    @TempDir
    private Path folder;

    private Path logs;
    private Path fifo;
    private Containers containers;

    @BeforeEach
    void start() throws IOException {
        logs = Files.createDirectory(folder.resolve("logs"));
        fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        containers = fresh();
    }

    @AfterEach
    void stop() {
        containers.close();
    }

    private Containers fresh() throws IOException {
        LogFolder opened = LogFolder.open(logs);
        return new Containers(opened, new FakeLogs(opened), NO_MANAGER);
    }

    private static ContainerDescription container(String id) {
        return ContainerDescription.of(id, Driver.DOCKER, LogOptions.of(LogFormat.RAW));
    }

    private void startFifo() throws IOException {
        containers.start(container("c"), List.of(Source.dockerFifo(Fifo.open(fifo), fifo)));
    }

    /** As after the end of this process. */
    private void startAnew() throws IOException {
        containers.close();
        containers = fresh();
        Recovery.run(containers, Map.of(), NO_MANAGER);
    }

    private static void write(Descriptor to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private boolean isLive(String id) throws IOException {
        return Objects.requireNonNull(containers.state(id)).isLive();
    }

    private void awaitLog(String id, String name, String text) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        logs.resolve(id).resolve(name + ".log"))
                .hasContent(text));
    }

    @Test
    void aFifoIsTakenUpAtItsPathWithWhatWasWrittenMeanwhile() throws IOException {
        startFifo();
        try (Fifo writer = Fifo.open(fifo, StandardOpenOption.WRITE);
                Fifo whoKeepsIt = Fifo.open(fifo)) {
            write(writer, "1");
            awaitLog("c", "fifo", "1");
            containers.close();
            write(writer, "2");
            assertThat(whoKeepsIt.isOpen()).isTrue();

            startAnew();

            write(writer, "3");
            awaitLog("c", "fifo", "123");
            assertThat(isLive("c")).isTrue();
        }
        containers.finish(fifo, PATIENCE);
        assertThat(isLive("c")).isFalse();
    }

    @Test
    void aFifoThatNobodyWritesHasEnded() throws IOException {
        startFifo();

        startAnew();

        assertThat(isLive("c")).isTrue();
        Awaitility.await().atMost(PATIENCE).until(() -> !isLive("c"));
        assertThat(containers.live()).isEmpty();
    }

    @Test
    void anotherFifoAtTheSamePathIsLeftAlone() throws IOException {
        startFifo();
        Files.move(fifo, folder.resolve("moved"));
        Fifo.create(fifo);

        startAnew();

        assertThat(isLive("c")).isFalse();
    }

    @Test
    void onePipeOfTwoIsLeftAndReadOn() throws Exception {
        Pipe out = Pipe.open();
        Pipe err = Pipe.open();
        containers.start(container("c"), List.of(Source.stdout(out.source()), Source.stderr(err.source())));
        String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + out.sink().control(fd -> fd);
        try (Writer writer = new Writer(path)) {
            out.sink().close();
            containers.pause();
            err.sink().close();
            containers.resume();

            startAnew();

            writer.write("late\n");
            awaitLog("c", "stdout", "late\n");
            assertThat(containers.live("c")).isNotNull();
            assertThat(Objects.requireNonNull(containers.live("c")).sources()).isEqualTo(1);
        }
        containers.finish("c", PATIENCE);
        assertThat(isLive("c")).isFalse();
    }

    /** Another process that has a pipe's writing end, and writes what it is told. */
    private static final class Writer implements AutoCloseable {
        private final Process process;

        Writer(String path) throws IOException {
            process = new ProcessBuilder("sh", "-c", "exec 3>" + path + "; echo open; cat >&3").start();
            process.inputReader().readLine();
        }

        void write(String text) throws IOException {
            process.outputWriter().write(text);
            process.outputWriter().flush();
        }

        @Override
        public void close() throws Exception {
            process.outputWriter().close();
            process.waitFor();
            process.inputReader().close();
            process.errorReader().close();
        }
    }

    @Test
    void afterAnotherBootNoPipeIsSought() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            containers.start(container("c"), List.of(Source.stdout(pipe.source())));
            containers.close();
            Path json = logs.resolve("c").resolve("container.json");
            Files.writeString(json, Files.readString(json).replace(Boot.id(), "another"));

            startAnew();

            assertThat(isLive("c")).isFalse();
        }
    }

    @Test
    void whatCannotBeReadIsNoObstacleToTheOthers() throws IOException {
        startFifo();
        try (Fifo writer = Fifo.open(fifo, StandardOpenOption.WRITE)) {
            write(writer, "1");
            awaitLog("c", "fifo", "1");
            for (String bad : List.of("a", "b", "z")) {
                Files.createDirectory(logs.resolve(bad));
            }
            Files.writeString(logs.resolve("a").resolve("container.json"), "{\"id\":");
            Files.createSymbolicLink(logs.resolve("b").resolve("container.json"), folder.resolve("elsewhere"));
            Files.createFile(logs.resolve("z").resolve("container.json"));

            startAnew();

            assertThat(isLive("c")).isTrue();
        }
    }

    @Test
    void whoMerelyLooksAtAContainerThatHasEndedLeavesItAsItWas() throws IOException {
        startFifo();
        try (Fifo writer = Fifo.open(fifo, StandardOpenOption.WRITE)) {
            write(writer, "1");
        }
        containers.finish(fifo, PATIENCE);
        String before = Files.readString(logs.resolve("c").resolve("container.json"));

        startFifo();
        assertThat(isLive("c")).isTrue();
        containers.finish(fifo, Duration.ofMillis(1));

        assertThat(logs.resolve("c").resolve("container.json")).hasContent(before);
    }

    @Test
    void whatIsPausedLeavesContainerJsonToWhoTakesOver() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            containers.start(container("handed"), List.of(Source.stdout(pipe.source())));
            containers.pause();
            Path json = logs.resolve("handed").resolve("container.json");
            Files.writeString(json, "another process's");

            containers.close();

            assertThat(json).hasContent("another process's");
        }
    }
}
