// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program of its own wrote, both streams, and how it ended.
 *
 * @param lines in order
 * @param exit its exit value
 */
record Output(List<String> lines, int exit) {
    /** Runs an example as a user does, in a JVM of its own. */
    static Output ofExample(Class<?> example) throws IOException, InterruptedException {
        return of(jvm(example));
    }

    /** How a JVM for such a class is started. */
    static ProcessBuilder jvm(Class<?> main) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }

    /** Runs a program; one that takes longer than a minute is ended, and the test with it. */
    static Output of(ProcessBuilder program) throws IOException, InterruptedException {
        Path file = Files.createTempFile("output", ".txt");
        Process process =
                program.redirectErrorStream(true).redirectOutput(file.toFile()).start();
        try {
            boolean ended = process.waitFor(1, TimeUnit.MINUTES);
            String text = Files.readString(file, StandardCharsets.UTF_8);
            assertThat(ended).as("it ended by itself; it said: %s", text).isTrue();
            return new Output(text.lines().toList(), process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(file);
        }
    }
}
