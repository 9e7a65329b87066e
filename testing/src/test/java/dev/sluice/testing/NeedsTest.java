// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.AssertionFailedError;

class NeedsTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsMissingSkipsTheTestButFailsItWhereAllMustRun() {
        assertThat(Needs.missing("socat", false)).contains("not run").contains("socat");
        assertThatThrownBy(() -> Needs.missing("socat", true))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("socat");
    }

    @Test
    void whatIsThereIsNoObstacle() {
        assertThat(Tools.find("sh")).isPresent();
        Needs.check(true, "anything");
    }

    @Test
    void onlyExecutableFilesOnThePathCount() throws IOException {
        Files.createFile(folder.resolve("plain"));
        Files.createDirectory(folder.resolve("folder"));
        Path program = Files.createFile(
                folder.resolve("program"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThat(Tools.find("plain", folder.toString())).isEmpty();
        assertThat(Tools.find("folder", folder.toString())).isEmpty();
        assertThat(Tools.find("program", "/nowhere::" + folder)).contains(program);
        assertThat(Tools.find("program", "")).isEmpty();
    }

    /** Under {@code CI=true} this very case must fail, elsewhere be skipped: the two ways in one count. */
    @Test
    void theAnnotationIsHeeded() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(Example.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> {
                    boolean ci = "true".equals(System.getenv("CI"));
                    events.succeeded(1).skipped(ci ? 0 : 1).failed(ci ? 1 : 0);
                });
    }

    static class Example {
        @Test
        @NeedsTool("sh")
        void runs() {
            assertThat(Tools.find("sh")).isPresent();
        }

        @Test
        @NeedsTool({"sh", "no-such-program-anywhere"})
        void cannotRun() {
            throw new IllegalStateException("must not get here");
        }
    }
}
