// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import dev.sluice.cli.copy.CopyOptions;
import dev.sluice.cli.docker.DriverCommand;
import dev.sluice.cli.doctor.DoctorCommand;
import dev.sluice.cli.logger.LoggerCommand;
import dev.sluice.cli.logs.LogsCommand;
import dev.sluice.cli.proxy.ProxyOptions;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The commands, as picocli is to know them.
 *
 * <p>Start-up is part of what users see, so the commands are described to picocli by its builders: each annotated class
 * would cost reflection and a dynamic proxy, and the JVM's start-up cache keeps neither (measured: 64 ms against 34 ms
 * for {@code --version}).
 */
final class CommandTree {
    /** What {@code --version} answers. */
    static final String VERSION = "sluice " + BuildInfo.VERSION;

    /**
     * Of the types that picocli can read, ours are none; to learn how to read times and dates takes it a tenth of a
     * start.
     */
    private static final String OTHERS_CONVERTERS = "java\\..*";

    private CommandTree() {}

    static CommandLine create(PrintStream out, PrintStream err) {
        System.setProperty("picocli.converters.excludes", OTHERS_CONVERTERS);
        CommandSpec root = CommandSpec.wrapWithoutInspection(new Nothing(err)).name("sluice");
        root.version(VERSION);
        root.usageMessage().description("Copies between descriptors of any kind, and never hangs on a dead end.");
        root.addOption(Options.help());
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version and exit.")
                .build());
        root.addSubcommand("copy", CopyOptions.spec(err));
        root.addSubcommand("proxy", ProxyOptions.spec(err));
        root.addSubcommand("docker-log-driver", DriverCommand.spec(err));
        root.addSubcommand("doctor", DoctorCommand.spec(out));
        root.addSubcommand(LoggerCommand.NAME, LoggerCommand.spec());
        root.addSubcommand("logs", LogsCommand.spec(out, err));
        root.addSubcommand("completion", new CompletionCommand(out).spec());
        return new CommandLine(root)
                // No colours, and so no look at the terminal, which costs as much as the parsing.
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                // Addresses are the user's own: neither @files nor variables are looked for in them.
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setOverwrittenOptionsAllowed(true)
                .setParameterExceptionHandler((wrong, args) -> usage(err, wrong))
                .setExecutionExceptionHandler((failure, command, result) -> failed(err, command, failure));
    }

    /**
     * To picocli {@code --stats -} gives the option a value; to our users it does not, so it gets the usual one here.
     */
    static String[] attachValues(String... args) {
        String[] attached = args.clone();
        for (int i = 0; i < attached.length && !attached[i].equals("--"); i++) {
            if (attached[i].equals("--stats")) {
                attached[i] = "--stats=text";
            }
        }
        return attached;
    }

    private static int usage(PrintStream err, ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String message = String.valueOf(wrong.getMessage());
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (!command.subcommands().isEmpty() && !first.startsWith("-")) {
                message = "there is no command '" + first + "'"
                        + Nearest.hint(Nearest.of(first, command.subcommands().keySet()), name -> name);
            } else if (!first.startsWith("-") && !command.positionalParameters().isEmpty()) {
                message = "'" + first + "' is one too many: " + command.name() + " takes "
                        + command.positionalParameters().stream()
                                .map(PositionalParamSpec::paramLabel)
                                .collect(Collectors.joining(" and "));
            } else if (!unmatched.getSuggestions().isEmpty()) {
                message += Nearest.hint(unmatched.getSuggestions().getFirst(), name -> name);
            }
        }
        return usage(err, command, message);
    }

    private static int usage(PrintStream err, CommandSpec command, String message) {
        Report.line(err, message + " (see " + command.qualifiedName() + " --help)");
        return ExitCode.USAGE;
    }

    private static int failed(PrintStream err, CommandLine command, Exception failure) {
        if (failure instanceof UsageException) {
            return usage(err, command.getCommandSpec(), String.valueOf(failure.getMessage()));
        }
        Report.failure(err, failure, false);
        return ExitCode.FAILED;
    }

    /** {@code sluice} alone. */
    private record Nothing(PrintStream err) implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new UsageException("which command?");
        }
    }
}
