// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class DaemonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path logs;
    private Path control;

    @BeforeEach
    void paths() {
        logs = folder.resolve("logs");
        control = folder.resolve("run/control.sock");
    }

    private void log(String id, Pipe pipe) throws IOException {
        ContainerDescription container = ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
        ControlClient.log(control, container, List.of(Source.stdout(pipe.source())), PATIENCE);
        pipe.source().close();
    }

    @Test
    void whatWaitsIsLoggedAtSigtermAndTheContainerStaysLive() throws Exception {
        try (Pipe pipe = Pipe.open();
                RunningDaemon daemon = RunningDaemon.start(logs, control)) {
            log("c", pipe);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control)))
                    .isEqualTo("rw-------");
            for (int i = 0; i < 50; i++) {
                pipe.sink().write(ByteBuffer.wrap("waits\n".getBytes(UTF_8)));
            }

            assertThat(daemon.terminate().exit()).isZero();

            assertThat(daemon.output()).contains("STOPPED");
            assertThat(logs.resolve("c/stdout.log")).content().isEqualTo("waits\n".repeat(50));
            assertThat(logs.resolve("c/container.json")).content().contains("\"state\":\"live\"");
            assertThat(control).doesNotExist();
        }
    }

    @Test
    void aContainerThatNeverPausesIsNoObstacleToTheEnd() throws Exception {
        FakeManager manager = new FakeManager(folder.resolve("notify"));
        RunningDaemon daemon = manager.start(logs, control).awaitReady();
        Pipe pipe = Pipe.open();
        log("c", pipe);
        Numbered flow = Numbered.start(pipe.sink());
        Awaitility.await().until(() -> flow.written() >= 1000);
        assertThat(daemon.terminate().exit()).isZero();
        daemon.close();

        daemon = manager.start(logs, control).awaitReady();

        long lines = flow.end();
        Awaitility.await().until(() -> ControlClient.list(control, PATIENCE).isEmpty());
        Numbered.assertWhole(logs.resolve("c/stdout.log"), lines);
        daemon.close();
        manager.close();
    }

    @Test
    void aSecondDaemonOnTheSameFolderOrSocketIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Pipe pipe = Pipe.open();
                RunningDaemon daemon = RunningDaemon.start(logs, control)) {
            log("c", pipe);
            try (RunningDaemon second =
                    RunningDaemon.launch(List.of(), Map.of(), logs, folder.resolve("other.sock"))) {
                assertThat(second.exit()).isNotZero();
                assertThat(second.output()).contains("another process keeps its logs here");
            }
            try (RunningDaemon second = RunningDaemon.launch(List.of(), Map.of(), folder.resolve("other"), control)) {
                assertThat(second.exit()).isNotZero();
                assertThat(second.output()).contains("EADDRINUSE");
            }
            assertThat(ControlClient.list(control, PATIENCE)).hasSize(1);
            assertThat(daemon.isAlive()).isTrue();
        }
    }

    @Test
    void whereNobodyListensATakeOverIsAStart() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(logs, control, "--take-over")) {
            assertThat(ControlClient.list(control, PATIENCE)).isEmpty();
            assertThat(daemon.isAlive()).isTrue();
        }
    }
}
