// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/run}, with a Maven that only says what it is asked for. */
class RunScriptTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();

    @TempDir
    Path tools;

    @Test
    void asksMavenForTheExample() throws Exception {
        Output output = run("QuietFifos");

        assertThat(output.lines())
                .containsExactly(
                        FOLDER.getParent() + ": -q -B -Dstyle.color=never -pl examples compile -Drun=QuietFifos");
        assertThat(output.exit()).isZero();
    }

    @Test
    void saysWhichExamplesThereAre() throws Exception {
        Output output = run("NoSuchExample");

        assertThat(output.lines().getFirst()).isEqualTo("usage: examples/run NAME, where NAME is one of:");
        assertThat(output.lines().stream().skip(1).map(String::strip)).containsExactlyElementsOf(examples());
        assertThat(output.exit()).isEqualTo(2);
    }

    @Test
    void everyExampleIsExplained() throws IOException {
        String readme = Files.readString(FOLDER.resolve("README.md"));

        assertThat(examples()).isNotEmpty().allSatisfy(name -> assertThat(readme).contains("examples/run " + name));
    }

    private Output run(String name) throws IOException, InterruptedException {
        Path maven = tools.resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\necho \"$PWD: $*\"\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        ProcessBuilder script = new ProcessBuilder(FOLDER.resolve("run").toString(), name);
        script.environment().merge("PATH", tools + ":", (path, folder) -> folder + path);
        return Output.of(script.directory(tools.toFile()));
    }

    private static Iterable<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("src/main/java/dev/sluice/examples"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .sorted()
                    .toList();
        }
    }
}
