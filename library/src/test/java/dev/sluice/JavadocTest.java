// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The Javadoc of what is exported leaves nothing out, breaks no link, and shows only code that compiles: its snippets
 * are those of {@code Snippets}, word by word. It stays in {@code target/apidocs}, to be read.
 */
class JavadocTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", "."));

    @Test
    void javadocHasNothingToSay() throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider javadoc = ToolProvider.findFirst("javadoc").orElseThrow();

        int exit = javadoc.run(
                out,
                out,
                "-quiet",
                "-Werror",
                "-Xdoclint:all",
                "--no-fonts",
                "-d",
                FOLDER.resolve("target/apidocs").toString(),
                "--module-path",
                Path.of(NullMarked.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .toString(),
                "--source-path",
                FOLDER.resolve("src/main/java").toString(),
                "--snippet-path",
                FOLDER.resolve("src/test/java").toString(),
                "--module",
                "dev.sluice");

        assertThat(said.toString()).isEmpty();
        assertThat(exit).isZero();
    }
}
