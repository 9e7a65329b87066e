// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Options;
import dev.sluice.containers.log.ContainerNames;
import dev.sluice.containers.log.ContainerNames.Named;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code sluice logs ls}: which containers have a log. */
final class ListCommand implements Callable<Integer> {
    private final FolderOption folder;
    private final PrintStream out;
    private final OptionSpec json = Options.flag("Write a line of JSON for each, for programs.", "--json");

    private ListCommand(FolderOption folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    static CommandSpec spec(FolderOption before, PrintStream out) {
        ListCommand command = new ListCommand(new FolderOption(before), out);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage()
                .header("List the containers that have a log.")
                .description("Lists each container that has a log: its id, name, state, the log's format and size on"
                        + " disk, how many lines could not be kept, and since when it is logged.");
        command.folder.addTo(spec);
        Options.exitCodes(spec, "0", "listed", "1", "failed", "2", "usage");
        return spec.addOption(command.json).addOption(Options.help());
    }

    @Override
    public Integer call() throws IOException {
        List<ListRow> rows = new ArrayList<>();
        for (Named named : ContainerNames.all(folder.open())) {
            rows.add(ListRow.of(named));
        }
        out.print(Options.isSet(json) ? ListRow.json(rows) : ListRow.table(rows));
        // A PrintStream swallows what goes wrong.
        return out.checkError() ? ExitCode.DESTINATION_GONE : ExitCode.OK;
    }
}
