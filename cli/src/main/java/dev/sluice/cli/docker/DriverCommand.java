// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.docker;

import dev.sluice.cli.Options;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code sluice docker-log-driver}: what picocli is to know of it, and what it has found. What serves is loaded by
 * those alone who run it.
 */
public final class DriverCommand implements Callable<Integer> {
    private static final String LOG_OPTS = """

            Users say docker run --log-driver NAME, NAME being that of the socket's file,
            and may say --log-opt KEY=VALUE with
              format            json-file (the default), cri or raw
              max-size          rotate a file of that size, such as 10m; default: never
              max-file          how many files are kept of each name; default: 1
              compress          true, if rotated files are to be compressed
              labels, env       names, with commas between them, of labels and variables
                                that are kept beside each line (json-file alone)
              labels-regex, env-regex   a regular expression for such names
              tag               kept beside each line: {{.Name}}, {{.ID}}, {{.ImageName}}...
              mode, max-buffer-size     Docker's own: non-blocking drops what is not read
            """;

    private final PrintStream err;

    private final OptionSpec socket =
            path("PATH", DriverSettings.SOCKET, "Where dockerd finds the driver.", "--socket");

    private final OptionSpec dir = path("DIR", DriverSettings.DIR, "The log folder.", "--dir");

    private final OptionSpec control = path(
            "PATH", DriverSettings.CONTROL, "The socket for loggers, readers and take-overs.", "--control");

    private final OptionSpec metrics = Options.value("ADDRESS", String.class, text -> text, "--metrics")
            .description("Serve metrics for Prometheus by HTTP, at tcp:[HOST:]PORT or unix:PATH.")
            .build();

    private final OptionSpec takeOver = Options.flag(
            "Take everything over from the process that serves at the control socket, which ends then; no byte is"
                    + " lost.",
            "--take-over");

    private final OptionSpec verbose =
            Options.flag("Add the stack trace to what failed, for a report of a fault.", "-v", "--verbose");

    private DriverCommand(PrintStream err) {
        this.err = err;
    }

    private static OptionSpec path(String label, Path usual, String description, String name) {
        return Options.value(label, Path.class, DriverCommand::parsePath, name)
                .description(description + " Default: " + usual)
                .build();
    }

    private static Path parsePath(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty path");
        }
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException bad) {
            throw new IllegalArgumentException("'" + text + "' is no path: " + bad.getReason(), bad);
        }
    }

    /** The command, for picocli. */
    public static CommandSpec spec(PrintStream err) {
        DriverCommand command = new DriverCommand(err);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
        spec.usageMessage()
                .header("Keep the logs of containers, for Docker.")
                .description("Serves as a log driver of Docker, for all containers of a host, until SIGTERM or until"
                        + " another process takes over. Also logs for sluice-containerd-logger with daemon=CONTROL.")
                .footer(LOG_OPTS.split("\n", -1));
        Options.exitCodes(
                spec,
                "0", "ended by SIGTERM or SIGINT, or another process has taken over",
                "1", "failed",
                "2", "usage");
        return spec.addOption(command.socket)
                .addOption(command.dir)
                .addOption(command.control)
                .addOption(command.metrics)
                .addOption(command.takeOver)
                .addOption(command.verbose)
                .addOption(Options.help());
    }

    @Override
    public Integer call() {
        @Nullable Path at = socket.getValue();
        @Nullable Path logs = dir.getValue();
        @Nullable Path controlled = control.getValue();
        @Nullable String told = metrics.getValue();
        DriverSettings settings = new DriverSettings(
                Objects.requireNonNullElse(at, DriverSettings.SOCKET),
                Objects.requireNonNullElse(logs, DriverSettings.DIR),
                Objects.requireNonNullElse(controlled, DriverSettings.CONTROL),
                told == null ? null : DriverSettings.listening(told),
                Options.isSet(takeOver),
                Options.isSet(verbose));
        return new DriverRun(settings, err).run();
    }
}
