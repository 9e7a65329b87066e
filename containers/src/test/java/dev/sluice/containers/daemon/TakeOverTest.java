// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONTAINERS = 5;

    @TempDir
    private Path folder;

    private Path logs;
    private Path control;

    @BeforeEach
    void paths() {
        logs = folder.resolve("logs");
        control = folder.resolve("control.sock");
    }

    @Test
    void tenProcessesOneAfterTheOtherReadWholeFlows() throws Exception {
        RunningDaemon daemon = RunningDaemon.start(logs, control, "--fake");
        List<Numbered> flows = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            flows.add(log("c" + i));
        }
        for (int i = 0; i < 10; i++) {
            RunningDaemon next = RunningDaemon.start(logs, control, "--fake", "--take-over");

            assertThat(daemon.exit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("HANDED_OVER");
            daemon.close();
            daemon = next;
            assertThat(ControlClient.list(control, PATIENCE)).hasSize(CONTAINERS);
        }
        for (int i = 0; i < CONTAINERS; i++) {
            long lines = flows.get(i).end();
            awaitEnded("c" + i);
            Numbered.assertWhole(logs.resolve("c" + i).resolve("stdout.log"), lines);
        }
        assertThat(daemon.terminate().exit()).as(daemon.output()).isZero();
        assertThat(control).doesNotExist();
        daemon.close();
    }

    private Numbered log(String id) throws IOException {
        Pipe pipe = Pipe.open();
        ContainerDescription container = ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
        ControlClient.log(control, container, List.of(Source.stdout(pipe.source())), PATIENCE);
        pipe.source().close();
        return Numbered.start(pipe.sink());
    }

    private void awaitEnded(String id) {
        Awaitility.await().atMost(PATIENCE).until(() -> !state(id).isLive());
    }

    private ContainerState state(String id) throws IOException {
        return ContainerJson.read(Files.readString(logs.resolve(id).resolve("container.json")));
    }
}
