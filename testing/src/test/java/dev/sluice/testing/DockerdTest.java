// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DockerdTest {
    @Test
    void runsContainersAndLeavesNothing() throws Exception {
        Path folder;
        try (Dockerd daemon = Dockerd.start()) {
            folder = daemon.folder();
            String id = daemon.run(List.of("--log-driver=json-file"), "sh", "-c", "echo out; echo err >&2; exit 3");
            Command.Outcome logs = daemon.logs(id);
            assertThat(logs.text()).isEqualTo("out\n");
            assertThat(logs.errorText()).isEqualTo("err\n");
            assertThat(daemon.awaitExit(id)).isEqualTo(3);
            daemon.start(List.of(), "sleep", "1000");
        }
        assertNothingLeft(folder);
    }

    static void assertNothingLeft(Path folder) throws Exception {
        assertThat(folder).doesNotExist();
        assertThat(ContainerHost.processes(folder)).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(folder.toString());
        assertThat(Command.of("find", "/sys/fs/cgroup", "-name", folder.getFileName() + "*").run())
                .isEmpty();
    }
}
