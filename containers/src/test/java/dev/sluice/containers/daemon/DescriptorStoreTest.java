// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Descriptor;
import dev.sluice.Pipe;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class DescriptorStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path logs;
    private Path control;
    private FakeManager manager;

    @BeforeEach
    void start() throws IOException {
        logs = folder.resolve("logs");
        control = folder.resolve("control.sock");
        manager = new FakeManager(folder.resolve("notify"));
    }

    @AfterEach
    void stop() throws Exception {
        manager.close();
    }

    private Descriptor log(String id) throws IOException {
        Pipe pipe = Pipe.open();
        ContainerDescription container = ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
        ControlClient.log(control, container, List.of(Source.stdout(pipe.source())), PATIENCE);
        pipe.source().close();
        return pipe.sink();
    }

    private static void write(Descriptor to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private void awaitLog(String id, String text) {
        Path file = logs.resolve(id).resolve("stdout.log");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(Files.readString(file))
                .isEqualTo(text));
    }

    private void awaitStored(String... names) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(manager.stored())
                .containsExactly(names));
    }

    @Test
    void whoWritesWhileTheDaemonIsDeadGetsNoErrorAndTheNextDaemonReadsIt() throws Exception {
        RunningDaemon daemon = manager.start(logs, control, "--fake").awaitReady();
        try (Descriptor one = log("one");
                Descriptor two = log("two")) {
            write(one, "1");
            awaitLog("one", "1");
            awaitStored("one/stdout", "two/stdout");
            daemon.kill();
            daemon.close();
            write(one, "2");
            write(two, "a");
            two.close();

            daemon = manager.start(logs, control, "--fake").awaitReady();

            awaitLog("one", "12");
            awaitLog("two", "a");
            awaitStored("one/stdout");
            write(one, "3");
            awaitLog("one", "123");
        }
        awaitStored();
        daemon.terminate().exit();
        daemon.close();
        assertThat(manager.heard()).contains("READY=1", "STOPPING=1");
    }

    @Test
    void theManagerIsToldWhoHasTakenOver() throws Exception {
        try (RunningDaemon old = manager.start(logs, control, "--fake").awaitReady();
                Descriptor one = log("one");
                RunningDaemon young =
                        manager.start(logs, control, "--fake", "--take-over").awaitReady()) {
            assertThat(old.exit()).isZero();
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(manager.heard())
                    .contains("MAINPID=" + young.pid()));
            assertThat(manager.stored()).containsExactly("one/stdout");
            write(one, "1");
            awaitLog("one", "1");
        }
    }

    @Test
    void whatIsKeptForAContainerThatHasEndedIsLetGo() throws Exception {
        try (RunningDaemon daemon = manager.start(logs, control, "--fake").awaitReady()) {
            Descriptor one = log("one");
            awaitStored("one/stdout");
            daemon.kill();
            one.close();
        }
        Files.delete(logs.resolve("one").resolve("container.json"));

        try (RunningDaemon daemon = manager.start(logs, control, "--fake").awaitReady()) {
            awaitStored();
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    /** Stored before anybody is told; and who could not be told cares for his descriptors himself. */
    @Test
    void whatNobodyCouldBeToldOfIsLetGo() throws Exception {
        LogFolder opened = LogFolder.open(logs);
        ServiceManager told = ServiceManager.of(Map.of("NOTIFY_SOCKET", folder.resolve("notify").toString()));
        try (Containers containers = new Containers(opened, new FakeLogs(opened), told);
                Pipe pipe = Pipe.open()) {
            ContainerDescription one =
                    ContainerDescription.of("one", Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
            assertThatThrownBy(() -> containers.start(one, List.of(Source.stdout(pipe.source())), container -> {
                        awaitStored("one/stdout");
                        throw new IOException("gone");
                    }))
                    .hasMessage("gone");
            awaitStored();
        }
    }
}
