// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.testing.Command;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for operators make sense to the programs that read them. */
class DistTest {
    private static final Path BASE =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    private static final Path DIST = BASE.resolve("dist");

    @TempDir
    private Path folder;

    @Test
    @NeedsTool("systemd-analyze")
    void systemdTakesTheUnit() throws IOException {
        String unit = Files.readString(DIST.resolve("systemd/sluice.service"))
                .replace("/opt/sluice/sluice", BASE.resolveSibling("sluice").toString());
        Path copy = Files.writeString(folder.resolve("sluice.service"), unit);
        Command.Outcome outcome = Command.of("systemd-analyze", "verify", "--man=no", copy.toString())
                .outcome(Duration.ofSeconds(60));
        assertThat(outcome.errorText()).isEmpty();
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void theSandboxLeavesOpenWhatTheDaemonWrites() throws IOException {
        String unit = Files.readString(DIST.resolve("systemd/sluice.service"));
        String folders = Files.readString(DIST.resolve("tmpfiles.d/sluice.conf"));
        for (String line : unit.lines().filter(each -> each.startsWith("ReadWritePaths=")).toList()) {
            for (String path : line.substring(line.indexOf('=') + 1).split(" ", -1)) {
                assertThat(folders).contains("\nd " + path + " ");
            }
        }
        assertThat(unit).contains("\nRuntimeDirectory=sluice\n", " --control /run/sluice/control.sock ");
        assertThat(unit).contains("\nStateDirectory=sluice\n", " --dir /var/lib/sluice/logs ");
    }

    @Test
    void dockersFilesAreJson() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode daemon = mapper.readTree(DIST.resolve("docker/daemon.json").toFile());
        assertThat(daemon.path("log-driver").asText()).isEqualTo("sluice");
        assertThat(daemon.path("log-opts").properties()).allSatisfy(option -> assertThat(
                        option.getValue().isTextual())
                .as("dockerd takes nothing but strings: " + option)
                .isTrue());
        JsonNode plugin = mapper.readTree(DIST.resolve("plugin/config.json").toFile());
        assertThat(plugin.path("interface").path("types").path(0).asText()).isEqualTo("docker.logdriver/1.0");
    }
}
