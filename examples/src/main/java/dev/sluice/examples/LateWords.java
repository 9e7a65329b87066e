// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Child;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * A child that exits while a grandchild of ours still writes: daemons, shells and build tools do it every day. The JDK
 * ends the output when the child exits, and drops what comes later. Sluice ends it when the pipe does.
 */
public final class LateWords {
    private LateWords() {}

    public static void main(String... args) throws IOException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "(sleep 1; echo late) & echo early");

        IO.println("ProcessBuilder: " + words(shell.start().getInputStream()));
        try (Child child = Child.start(shell)) {
            IO.println("Child:          " + words(child.stdout().inputStream()));
        }
    }

    private static String words(InputStream output) throws IOException {
        return String.join(" ", new String(output.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
    }
}
