// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code sluice}. */
@Command(
        name = "sluice",
        description = "Copies between descriptors of any kind, and never hangs on a dead end.",
        mixinStandardHelpOptions = true,
        version = "sluice " + BuildInfo.VERSION)
public final class Main implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Main() {}

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args what the user typed
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is needed, see --help");
        }
    }
}
