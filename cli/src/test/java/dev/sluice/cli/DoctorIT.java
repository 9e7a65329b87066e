// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.Needs;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice doctor}, in good health and under a kernel that refuses. */
class DoctorIT {
    @TempDir
    private Path folder;

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    private Result under(String injected) throws Exception {
        Needs.check(sh("strace -o /dev/null true").exit() == 0, "the right to trace");
        return sh("strace -f -o /dev/null -e trace=splice,copy_file_range -e inject=" + injected + " \"$S\" doctor");
    }

    @Test
    void allIsWell() throws Exception {
        Result result = sh("\"$S\" doctor");
        assertThat(result.err()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .contains("kernel ", "descriptors ", "tee  ", "works", "pipe to pipe, virtual thread", "100 % spliced")
                .containsPattern("largest pipe of a user +"
                        + sh("cat /proc/sys/fs/pipe-max-size").out().strip() + " bytes")
                .doesNotContain("broken")
                .endsWith(".\n");
    }

    @Test
    void jsonForPrograms() throws Exception {
        Result result = sh("\"$S\" doctor --json");
        assertThat(result.exit()).isZero();
        assertThat(result.out().lines()).hasSize(1);
        Map<String, String> healths = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(result.out())) {
            String name = "";
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    switch (parser.currentName()) {
                        case "name" -> name = parser.getText();
                        case "health" -> healths.put(name, parser.getText());
                        default -> {}
                    }
                }
            }
        }
        assertThat(healths).containsEntry("splice, pipe to file", "ok").containsEntry("FIFO to FIFO", "ok");
        assertThat(healths).containsKeys("", "kernel", "version", "largest pipe of a user");
    }

    @Test
    @NeedsTool("strace")
    void whatIsRefusedIsSlowerAndWorks() throws Exception {
        Result result = under("splice:error=EPERM");
        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .containsPattern("slower  splice, pipe to pipe +refused: EPERM")
                .containsPattern("ok      pipe to pipe +1048576 bytes, 0 % spliced")
                .endsWith("All works, some of it slower than it could be.\n");
    }

    @Test
    @NeedsTool("strace")
    void whatDoesNotWorkIsBroken() throws Exception {
        Result result = under("copy_file_range:error=EIO");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out())
                .containsPattern("broken  file to file .*EIO")
                .endsWith("Something that Sluice needs is missing, or does not do what it should.\n");
    }
}
