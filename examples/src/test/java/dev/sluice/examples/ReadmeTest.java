// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of code in the project's README. */
class ReadmeTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", "."));

    @Test
    void areThoseThatAreTested() throws IOException {
        String readme = Files.readString(FOLDER.resolve("../README.md"));
        String source = Files.readString(FOLDER.resolve("src/test/java/dev/sluice/examples/ReadmeLines.java"));

        assertThat(between(readme, "```java\n", "```")).isEqualTo(between(source, "// begin\n", "        // end"));
    }

    @Test
    void work(@TempDir Path folder) throws Exception {
        Fifo.create(folder.resolve("events"));
        Process writer = new ProcessBuilder("sh", "-c", "echo something happened >events")
                .directory(folder.toFile())
                .start();
        try {
            Output output = Output.of(Output.jvm(ReadmeLines.class).directory(folder.toFile()));

            assertThat(output.lines()).singleElement().asString().matches("19 bytes, .* spliced; END_OF_SOURCE");
            assertThat(folder.resolve("events.log")).hasContent("something happened\n");
        } finally {
            writer.destroyForcibly();
        }
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start);
        assertThat(from).isNotNegative();
        from += start.length();
        return text.substring(from, text.indexOf(end, from)).stripTrailing().stripIndent();
    }
}
