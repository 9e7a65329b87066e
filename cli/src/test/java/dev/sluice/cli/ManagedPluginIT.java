// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Command;
import dev.sluice.testing.Dockerd;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The managed plugin that containers/dist/plugin/build makes works in a real dockerd. */
@NeedsTool("ldd")
class ManagedPluginIT {
    private static final Path BASE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void logsContainersWhereTheHostFindsThem() throws Exception {
        try (Dockerd docker = Dockerd.start()) {
            Path plugin = folder.resolve("plugin");
            Command.Outcome built = Command.of(
                            List.of(
                                    BASE.resolveSibling("containers/dist/plugin/build").toString(),
                                    plugin.toString(),
                                    BASE.resolve("target/sluice.jar").toString()),
                            Map.of("JAVA_HOME", System.getProperty("java.home")))
                    .outcome(PATIENCE);
            assertThat(built.exit()).as(built.errorText()).isZero();
            Path logs = Files.createDirectory(folder.resolve("lib"));

            docker.docker("plugin", "create", "keeper", plugin.toString());
            docker.docker("plugin", "set", "keeper", "logs.source=" + logs);
            docker.docker("plugin", "enable", "keeper");
            try {
                String id = docker.run(
                        List.of("--log-driver", "keeper", "--log-opt", "format=cri"), "sh", "-c", "echo hello; echo bye");

                assertThat(docker.logs(id).text()).isEqualTo("hello\nbye\n");
                assertThat(logs.resolve("logs").resolve(id).resolve("container.log"))
                        .content()
                        .contains(" stdout F hello\n", " stdout F bye\n");
                docker.docker("rm", id);
            } finally {
                docker.client("plugin", "disable", "--force", "keeper").outcome(PATIENCE);
            }
        }
    }
}
