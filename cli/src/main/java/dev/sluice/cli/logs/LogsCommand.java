// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.Options;
import dev.sluice.cli.UsageException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sluice logs}: what containers have written, live or gone, with or without a daemon. */
public final class LogsCommand implements Callable<Integer> {
    private LogsCommand() {}

    /** The command, for picocli. */
    public static CommandSpec spec(PrintStream out, PrintStream err) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new LogsCommand());
        spec.usageMessage()
                .header("Show what containers have written.")
                .description("Reads the log folder of sluice's log drivers, whether a daemon runs or not. A container"
                        + " is called by its id, its name, or the beginning of its id.");
        FolderOption folder = new FolderOption(null);
        folder.addTo(spec);
        spec.addOption(Options.help());
        spec.addSubcommand("ls", ListCommand.spec(folder, out));
        spec.addSubcommand("cat", ReadOptions.cat(folder, err));
        spec.addSubcommand("tail", ReadOptions.tail(folder, err));
        spec.addSubcommand("attach", AttachCommand.spec(folder));
        return spec;
    }

    @Override
    public Integer call() {
        throw new UsageException("which of ls, cat, tail and attach?");
    }
}
