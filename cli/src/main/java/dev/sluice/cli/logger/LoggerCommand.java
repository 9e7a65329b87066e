// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logger;

import dev.sluice.cli.Options;
import dev.sluice.cli.ReportLoggerFinder;
import dev.sluice.containers.containerd.ContainerdLogger;
import dev.sluice.containers.containerd.LoggerDiary;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code sluice containerd-logger}, which containerd starts as {@code sluice-containerd-logger}. */
public final class LoggerCommand implements Callable<Integer> {
    /** What comes after {@code sluice}. */
    public static final String NAME = "containerd-logger";

    private static final String KEYS = """

            Keys and their values, as containerd passes them, in any order:
              dir         the log folder; default: /var/lib/sluice/logs
              format      json-file (the default), cri or raw
              max-size    rotate a file of that size, such as 10m; default: never
              max-file    how many files are kept of each name; default: 1
              compress    true, if rotated files are to be compressed
              name        what people call the container
              daemon      the control socket of a daemon that is to log instead
            """;

    private final PositionalParamSpec pairs = PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .paramLabel("KEY VALUE")
            .description("How to log.")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build();

    private LoggerCommand() {}

    /** The command, for picocli. */
    public static CommandSpec spec() {
        LoggerCommand command = new LoggerCommand();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage()
                .header("Log a container's output, for containerd.")
                .description("containerd starts it for a container whose output goes to"
                        + " binary:///.../sluice-containerd-logger?KEY=VALUE&...")
                .footer(KEYS.split("\n", -1));
        Options.exitCodes(
                spec, "0", "logged to the end, or handed over", "1", "failed", "2", "usage", "143", "ended by SIGTERM");
        return spec.addPositional(command.pairs).addOption(Options.help());
    }

    /** Whether there are keys and values only, which picocli has nothing to do with. */
    public static boolean needsNoParser(String... args) {
        return args.length == 1 || !args[1].startsWith("-");
    }

    /** Runs it, with these keys and values. */
    public static int run(List<String> arguments) {
        LoggerDiary diary = new LoggerDiary(System.err);
        ReportLoggerFinder.sayBy(diary::say);
        return ContainerdLogger.run(arguments, System.getenv(), diary);
    }

    @Override
    public Integer call() {
        @Nullable List<String> arguments = pairs.getValue();
        return run(arguments == null ? List.of() : arguments);
    }
}
