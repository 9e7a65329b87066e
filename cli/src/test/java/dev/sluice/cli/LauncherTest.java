// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher {@code ./sluice}, with a Maven and JDKs that only write down what they are asked to do. */
class LauncherTest {
    @TempDir
    private Path folder;

    private FakeTree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new FakeTree(folder);
    }

    @Test
    void theFirstStartSetsUpInOneLineAndLaterOnesSayNothing() throws Exception {
        FakeTree.Result first = tree.sluice("copy", "a b", "", "*");
        FakeTree.Result second = tree.sluice("copy", "a b", "", "*");

        assertThat(first.err()).matches("sluice: setting up: building .*\n");
        assertThat(first.out()).contains("[dev.sluice.cli.Main]\n[copy]\n[a b]\n[]\n[*]\n").contains("[-XX:AOTCache=");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(tree.builds()).isEqualTo(1);
        assertThat(tree.caches()).isEqualTo(1);
    }

    @Test
    void theInputIsLeftToTheCommand() throws Exception {
        tree.input("for the command");

        assertThat(tree.sluice().out()).endsWith("input: for the command");
    }

    @Test
    void theExitCodeIsTheCommands() throws Exception {
        assertThat(tree.with("FAKE_EXIT", "141").sluice().status()).isEqualTo(141);
    }

    @ParameterizedTest
    @ValueSource(strings = {"library", "containers", "cli"})
    void aNewerSourceIsBuilt(String module) throws Exception {
        tree.sluice();
        Files.writeString(tree.home().resolve(module + "/src/main/java/New.java"), "new");

        FakeTree.Result result = tree.sluice();

        assertThat(result.err()).matches("sluice: setting up: building .*\n");
        assertThat(tree.builds()).isEqualTo(2);
        assertThat(tree.caches()).isEqualTo(2);
        assertThat(tree.sluice().err()).isEmpty();
    }

    @Test
    void anotherBuildOfTheJdkGetsAnotherCacheAndNoBuild() throws Exception {
        tree.sluice();
        tree.jdk("path", "25.0.9");

        FakeTree.Result result = tree.sluice();

        assertThat(result.err()).matches("sluice: setting up: making the start-up cache.*\n");
        assertThat(tree.builds()).isEqualTo(1);
        assertThat(tree.caches()).isEqualTo(2);
    }

    @Test
    void anotherWayToTheSameJdkSetsNothingUp() throws Exception {
        tree.sluice();
        tree.with("JAVA_HOME", tree.home().resolve("jdks/path").toString());

        FakeTree.Result result = tree.sluice();

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("[-XX:AOTCache=");
        assertThat(tree.caches()).isEqualTo(1);
    }

    @Test
    void theUsersChoiceOfJdkComesFirst() throws Exception {
        Path own = tree.jdk("own", "25");
        Path general = tree.jdk("general", "26.0.1");
        tree.with("SLUICE_JAVA_HOME", own.toString()).with("JAVA_HOME", general.toString());

        assertThat(tree.sluice().out()).startsWith("java " + own);
        tree.with("SLUICE_JAVA_HOME", "");
        assertThat(tree.sluice().out()).startsWith("java " + general);
        tree.with("JAVA_HOME", "");
        assertThat(tree.sluice().out()).startsWith("java " + tree.home().resolve("jdks/path"));
    }

    @Test
    void aJdkThatIsTooOldIsPassedOver() throws Exception {
        Path own = tree.jdk("own", "24.0.2");
        Path general = tree.jdk("general", "17.0.15");
        tree.with("SLUICE_JAVA_HOME", own.toString()).with("JAVA_HOME", general.toString());

        FakeTree.Result result = tree.sluice();

        assertThat(result.out()).startsWith("java " + tree.home().resolve("jdks/path"));
        assertThat(result.err()).contains("SLUICE_JAVA_HOME=" + own + " is no JDK 25 or newer");
    }

    @Test
    void withoutAJdkThatFitsItSaysWhichIsNeeded() throws Exception {
        tree.edit("needs=25", "needs=999");

        FakeTree.Result result = tree.sluice("--version");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("sluice: needs a JDK 999 or newer; set SLUICE_JAVA_HOME to the folder of one\n");
        assertThat(tree.builds()).isZero();
    }

    @Test
    void aBuildThatFailsShowsWhyOnStandardErrorAndIsTriedAgain() throws Exception {
        tree.with("FAKE_BUILD_EXIT", "1");
        FakeTree.Result result = tree.sluice("--version");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("words of the build").contains("setup.log");

        tree.with("FAKE_BUILD_EXIT", "0");
        assertThat(tree.sluice("--version").status()).isZero();
    }

    @Test
    void aCacheThatCannotBeMadeOnlyCostsTime() throws Exception {
        tree.with("FAKE_CACHE_EXIT", "1");

        FakeTree.Result first = tree.sluice();
        FakeTree.Result second = tree.sluice();

        assertThat(first.status()).isZero();
        assertThat(first.err()).contains("could not make the start-up cache");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("[dev.sluice.cli.Main]").doesNotContain("AOTCache");
    }

    @Test
    void itIsFoundBehindLinksAndFromOtherFolders() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("else where/bin"));
        Path absolute = Files.createSymbolicLink(elsewhere.resolve("absolute"), tree.home().resolve("sluice"));
        Path relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("../bin/absolute"));

        assertThat(tree.run(elsewhere, absolute.toString()).status()).isZero();
        assertThat(tree.run(elsewhere, relative.toString()).status()).isZero();
        assertThat(tree.run(elsewhere, "./relative").status()).isZero();
        assertThat(tree.run(elsewhere, "sh", "relative").status()).isZero();
        assertThat(tree.run(tree.home().resolve("cli"), "../sluice").status()).isZero();
        assertThat(tree.run(tree.home(), "sh", "sluice").status()).isZero();
        assertThat(tree.builds()).isEqualTo(1);
    }

    @Test
    void firstStartsAtOnceBuildOnce() throws Exception {
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            starts.add(tree.start(tree.home(), "./sluice"));
        }
        for (Process start : starts) {
            assertThat(FakeTree.Result.of(start).out()).contains("[-XX:AOTCache=");
        }
        assertThat(tree.builds()).isEqualTo(1);
        assertThat(tree.caches()).isEqualTo(1);
    }

    @Test
    void whatIsRunningKeepsItsJarWhenAnotherIsBuilt() throws Exception {
        tree.sluice();
        List<Path> before = tree.setUps();
        Files.writeString(tree.home().resolve("cli/src/main/java/New.java"), "new");
        tree.sluice();
        assertThat(tree.setUps()).hasSize(2).containsAll(before);

        Files.writeString(tree.home().resolve("cli/src/main/java/New.java"), "newer");
        tree.sluice();
        assertThat(tree.setUps()).hasSize(2).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aTreeThatIsMovedIsSetUpStill() throws Exception {
        tree.sluice();
        Path moved = Files.move(tree.home(), folder.resolve("moved"));
        Files.createDirectory(tree.home()); // the JDK and Maven stay where they were
        Files.createSymbolicLink(tree.home().resolve("jdks"), moved.resolve("jdks"));
        Files.createSymbolicLink(tree.home().resolve("bin"), moved.resolve("bin"));

        FakeTree.Result result = tree.run(folder, moved.resolve("sluice").toString());

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("[-XX:AOTCache=" + moved.resolve("cli/target/launcher"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void aRecordingFromTheStartIsMadeWithoutTheCache(String variable) throws Exception {
        tree.sluice();

        FakeTree.Result result = tree.with(variable, "-Xss1m -XX:StartFlightRecording").sluice("x");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("[dev.sluice.cli.Main]\n[x]").doesNotContain("AOTCache");
    }

    @Test
    void whereNothingCanBeWrittenWhatIsBuiltIsRunWithoutCache() throws Exception {
        Path target = Files.createDirectories(tree.home().resolve("cli/target"));
        Files.writeString(target.resolve("launcher"), "a file, in the place of the folder");

        FakeTree.Result unbuilt = tree.sluice();
        assertThat(unbuilt.status()).isEqualTo(1);
        assertThat(unbuilt.err()).startsWith("sluice: not built yet");

        Files.writeString(target.resolve("sluice.jar"), "jar");
        FakeTree.Result result = tree.sluice();
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("[dev.sluice.cli.Main]").doesNotContain("AOTCache");
    }

    @Test
    void containerdsNameRunsWhatIsSetUpWithoutAnEnvironment() throws Exception {
        tree.sluice();
        Files.writeString(tree.home().resolve("cli/src/main/java/New.java"), "new");
        String logger = tree.home().resolve("sluice-containerd-logger").toString();

        FakeTree.Result result = tree.run(folder, "/usr/bin/env", "-i", logger, "dir", "/a b", "format", "");

        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("java " + tree.home().resolve("jdks/path"))
                .contains("[-XX:AOTCache=")
                .contains("[dev.sluice.cli.Main]\n[containerd-logger]\n[dir]\n[/a b]\n[format]\n[]\n");
        assertThat(tree.builds()).isEqualTo(1);
    }

    @Test
    void containerdsNameSetsUpWhatHasNeverBeen() throws Exception {
        FakeTree.Result result = tree.run(folder, tree.home().resolve("sluice-containerd-logger").toString());

        assertThat(result.out()).contains("[-XX:AOTCache=", "[containerd-logger]\n");
        assertThat(tree.builds()).isEqualTo(1);
        assertThat(tree.sluice().err()).isEmpty();
    }
}
