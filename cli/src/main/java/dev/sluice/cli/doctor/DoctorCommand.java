// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Options;
import dev.sluice.cli.TemporaryFolder;
import dev.sluice.cli.doctor.Finding.Health;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code sluice doctor}: looks whether all is there that Sluice lives on, and tries it. */
public final class DoctorCommand implements Callable<Integer> {
    private final PrintStream out;
    private final OptionSpec json = Options.flag("Write JSON, for programs.", "--json");

    private DoctorCommand(PrintStream out) {
        this.out = out;
    }

    /** The command, for picocli. */
    public static CommandSpec spec(PrintStream out) {
        DoctorCommand command = new DoctorCommand(out);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage()
                .header("See whether all that Sluice needs is there.")
                .description("Looks at the kernel, the limits and the JVM, tries each fast path, and copies through"
                        + " every path.");
        Options.exitCodes(spec, "0", "all works", "1", "something is missing or broken", "2", "usage");
        return spec.addOption(command.json).addOption(Options.help());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Finding> findings = examine();
        out.print(Options.isSet(json) ? DoctorReport.json(findings) : DoctorReport.text(findings));
        out.flush();
        return DoctorReport.worst(findings) == Health.BROKEN ? ExitCode.FAILED : ExitCode.OK;
    }

    private static List<Finding> examine() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>(Machine.look());
        if (DoctorReport.worst(findings) == Health.BROKEN) {
            return findings; // the library would not even load
        }
        try (TemporaryFolder folder = new TemporaryFolder("sluice-doctor")) {
            List<Finding> fastPaths = FastPaths.look(folder.path());
            findings.addAll(fastPaths);
            findings.addAll(SelfTest.run(folder.path(), DoctorReport.worst(fastPaths) == Health.OK));
        }
        return findings;
    }
}
