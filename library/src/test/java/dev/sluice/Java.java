// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of their own, for tests whose subject is a whole process. */
final class Java {
    private Java() {}

    /** The command that runs a class of the tests; options may be put in from its second word on. */
    static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command, which must exit with 0: what it says, on standard error too. */
    static String output(List<String> command) throws Exception {
        try (Child child = Child.start(new ProcessBuilder(command).redirectErrorStream(true))) {
            String output = new String(Bytes.readAll(child.stdout()), UTF_8);
            assertThat(child.waitFor()).as(output).isZero();
            return output;
        }
    }
}
