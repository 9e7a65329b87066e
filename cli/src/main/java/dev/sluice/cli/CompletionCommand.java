// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code sluice completion}: the script that lets a shell complete commands and options. */
final class CompletionCommand implements Callable<Integer> {
    private final PrintStream out;
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    private final PositionalParamSpec shell = PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("bash|zsh")
            .description("For which shell (default: bash).")
            .type(String.class)
            .completionCandidates(List.of("bash", "zsh"))
            .build();

    CompletionCommand(PrintStream out) {
        this.out = out;
        spec.usageMessage()
                .header("Print a shell's completion script.")
                .description("Prints the shell's completion script: source <(sluice completion)");
        spec.addPositional(shell).addOption(Options.help());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        @Nullable String name = shell.getValue();
        if (name != null && !name.equals("bash") && !name.equals("zsh")) {
            throw new UsageException("completion is for bash or zsh, not for " + name);
        }
        // One script serves both: it loads zsh's own emulation of bash's completion where it finds itself in zsh.
        CommandLine root = spec.root().commandLine();
        out.print(AutoComplete.bash(root.getCommandName(), root));
        out.flush();
        return ExitCode.OK;
    }
}
