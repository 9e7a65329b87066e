// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import dev.sluice.cli.logger.LoggerCommand;
import java.util.Arrays;

/** The command {@code sluice}. */
public final class Main {
    private Main() {}

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args what the user typed
     */
    public static void main(String[] args) {
        int code = run(args);
        // An exit first sets up the platform's logging (8 ms). A zero needs none: all our threads are daemons. And
        // where the destination has gone, all is closed and said, and it counts how soon we are gone too.
        if (code == ExitCode.DESTINATION_GONE) {
            Runtime.getRuntime().halt(code);
        } else if (code != ExitCode.OK) {
            System.exit(code);
        }
    }

    static int run(String... args) {
        // What needs no parser is answered without one: it costs as much as the start of the JVM.
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            System.out.println(CommandTree.VERSION);
            return ExitCode.OK;
        }
        // Likewise: containerd passes keys and values, and a container waits meanwhile.
        if (args.length > 0 && args[0].equals(LoggerCommand.NAME) && LoggerCommand.needsNoParser(args)) {
            return LoggerCommand.run(Arrays.asList(args).subList(1, args.length));
        }
        return CommandTree.create(System.out, System.err).execute(CommandTree.attachValues(args));
    }
}
