// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ContainerdTest {
    @Test
    void runsContainersAndLeavesNothing() throws Exception {
        Path folder;
        try (Containerd daemon = Containerd.start()) {
            folder = daemon.folder();
            Path log = folder.resolve("container.log");
            assertThat(daemon.run("first", List.of("--rm"), "echo", "hello").run()).isEqualTo("hello\n");
            daemon.start("second", "file://" + log, "sh", "-c", "echo out; echo err >&2");
            daemon.awaitExit("second");
            // The shim copies each output on a thread of its own, and neither an exit nor a delete waits for them.
            Awaitility.await().untilAsserted(() -> assertThat(Files.readAllLines(log))
                    .containsExactlyInAnyOrder("out", "err"));
            daemon.delete("second");
            daemon.start("third", "file://" + log, "sleep", "1000");
        }
        DockerdTest.assertNothingLeft(folder);
    }
}
