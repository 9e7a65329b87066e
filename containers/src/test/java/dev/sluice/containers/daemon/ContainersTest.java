// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.Hangup;
import dev.sluice.Pipe;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.DockerFrames;
import dev.sluice.testing.Needs;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class ContainersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path logs;
    private Containers containers;

    @BeforeEach
    void start() throws IOException {
        logs = folder.resolve("logs");
        containers = Containers.open(logs);
    }

    @AfterEach
    void stop() {
        containers.close();
    }

    private static ContainerDescription container(String id, LogFormat format) {
        return ContainerDescription.of(id, Driver.DOCKER, LogOptions.of(format));
    }

    private ContainerState state(String id) throws IOException {
        return Objects.requireNonNull(containers.state(id));
    }

    private static void write(Descriptor to, byte[] bytes) throws IOException {
        to.write(ByteBuffer.wrap(bytes));
    }

    @Test
    void fiveHundredFifosAtOnceAreEachLoggedWhole() throws IOException {
        List<Path> fifos = new ArrayList<>();
        List<Fifo> writers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Path fifo = folder.resolve("fifo" + i);
            Fifo.create(fifo);
            fifos.add(fifo);
            containers.start(
                    container("c" + i, LogFormat.RAW), List.of(Source.dockerFifo(Fifo.open(fifo), fifo)));
            writers.add(Fifo.open(fifo, StandardOpenOption.WRITE));
        }
        assertThat(containers.live()).hasSize(500);
        for (int line = 0; line < 10; line++) {
            for (Fifo writer : writers) {
                write(writer, DockerFrames.frame("stdout", line, ("line " + line).getBytes(UTF_8)));
            }
        }
        for (Fifo writer : writers) {
            writer.close();
        }
        for (Path fifo : fifos) {
            containers.finish(fifo, PATIENCE);
        }
        assertThat(containers.live()).isEmpty();
        String expected = "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\n";
        for (int i = 0; i < 500; i++) {
            assertThat(logs.resolve("c" + i).resolve("stdout.log")).content().isEqualTo(expected);
        }
        assertThat(containers.counters().lines()).isEqualTo(5000);
    }

    @Test
    void finishWaitsForWhatComesAfterItWasCalled() throws Exception {
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        containers.start(container("c", LogFormat.RAW), List.of(Source.dockerFifo(Fifo.open(fifo), fifo)));
        try (Fifo writer = Fifo.open(fifo, StandardOpenOption.WRITE)) {
            FutureTask<Boolean> finishing = new FutureTask<>(() -> containers.finish(fifo, PATIENCE));
            Thread waiting = Thread.startVirtualThread(finishing);
            Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            write(writer, DockerFrames.frame("stdout", 1, "late".getBytes(UTF_8)));
            assertThat(finishing.isDone()).isFalse();
            writer.close();
            assertThat(finishing.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(logs.resolve("c/stdout.log")).hasContent("late");
        assertThat(state("c").isLive()).isFalse();
        assertThat(containers.finish(fifo, PATIENCE)).isFalse();
    }

    @Test
    void finishEndsASilenceAndClosesTheSource() throws Exception {
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        containers.start(container("c", LogFormat.RAW), List.of(Source.dockerFifo(Fifo.open(fifo), fifo)));
        try (Fifo writer = Fifo.open(fifo, StandardOpenOption.WRITE)) {
            write(writer, DockerFrames.frame("stdout", 1, "one".getBytes(UTF_8)));
            assertThat(containers.finish(fifo, Duration.ofMillis(200))).isTrue();
            assertThat(writer.awaitHangup()).isEqualTo(Hangup.READER_GONE);
        }
        assertThat(logs.resolve("c/stdout.log")).hasContent("one");
        assertThat(state("c").isLive()).isFalse();
    }

    @Test
    void aContainerThatComesAgainGoesOnWithItsLog() throws IOException {
        for (String text : List.of("first\n", "second\n")) {
            try (Pipe pipe = Pipe.open()) {
                containers.start(container("c", LogFormat.RAW), List.of(Source.stdout(pipe.source())));
                write(pipe.sink(), text.getBytes(UTF_8));
                pipe.sink().close();
                containers.finish("c", PATIENCE);
            }
        }
        assertThat(logs.resolve("c/stdout.log")).hasContent("first\nsecond");
    }

    @Test
    void whatCannotBeStartedLeavesNothingOpenAndNobodyLive() throws IOException {
        for (String id : List.of("../c", "", ".c", "a/b", "x".repeat(129))) {
            Pipe pipe = Pipe.open();
            assertThatThrownBy(() ->
                            containers.start(container(id, LogFormat.RAW), List.of(Source.stdout(pipe.source()))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(pipe.sink().awaitHangup()).isEqualTo(Hangup.READER_GONE);
            pipe.close();
        }
        Files.createSymbolicLink(logs.resolve("link"), folder);
        Pipe pipe = Pipe.open();
        assertThatThrownBy(() ->
                        containers.start(container("link", LogFormat.RAW), List.of(Source.stdout(pipe.source()))))
                .isInstanceOf(IOException.class);
        pipe.close();
        assertThat(containers.live()).isEmpty();
        assertThat(folder.resolve("stdout.log")).doesNotExist();
    }

    @Test
    void aContainerWithoutRoomIsNotBlockedAndTheOthersAreWhole() throws Exception {
        Path full = logs.resolve("full");
        Files.createDirectory(
                full, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        Needs.check(
                run("mount", "-t", "tmpfs", "-o", "size=256k,mode=0750", "tmpfs", full.toString()) == 0,
                "the right to mount a tmpfs");
        try (Pipe pipe = Pipe.open();
                Pipe other = Pipe.open()) {
            containers.start(container("full", LogFormat.JSON_FILE), List.of(Source.stdout(pipe.source())));
            containers.start(container("other", LogFormat.RAW), List.of(Source.stdout(other.source())));
            Numbered flow = Numbered.start(pipe.sink());
            Numbered beside = Numbered.start(other.sink());
            Awaitility.await().until(() -> flow.written() >= 20_000);
            flow.end();
            long lines = beside.end();
            containers.finish("full", PATIENCE);
            containers.finish("other", PATIENCE);

            Numbered.assertWhole(logs.resolve("other/stdout.log"), lines);
            assertThat(containers.counters().droppedEntries()).isPositive();
            assertThat(Files.readString(full.resolve("container.log"))).endsWith("}\n");
        } finally {
            assertThat(run("umount", full.toString())).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
