// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of their own, for tests whose subject is a whole process. */
public final class Jvm {
    private Jvm() {}

    /**
     * Makes the command that runs a class with the class path of the tests, and without the slower compiler.
     *
     * @param main has a main method
     * @param arguments of the class
     * @return the command, which may be changed; options may be put in from its second word on
     */
    public static List<String> command(Class<?> main, String... arguments) {
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
}
