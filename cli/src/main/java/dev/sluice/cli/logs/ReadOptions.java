// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.Options;
import dev.sluice.containers.log.Output;
import dev.sluice.containers.log.Selection;
import dev.sluice.containers.log.TimeBound;
import java.io.PrintStream;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of {@code sluice logs cat} and {@code sluice logs tail}. */
final class ReadOptions {
    private static final long USUAL_TAIL = 10;
    private static final String[] EXIT_CODES = {
        "0", "the end of the log", "1", "failed", "2", "usage", "130", "interrupted by SIGINT",
        "141", "standard output went away", "143", "ended by SIGTERM",
    };

    private final FolderOption folder;
    private final boolean isTail;
    private final OptionSpec follow = Options.flag("Go on until the container has ended.", "-f", "--follow");
    private final OptionSpec lines = Options.value("N|all", Long.class, ReadOptions::count, "-n", "--lines")
            .completionCandidates(List.of("all"))
            .description("Begin with the last N lines: 10 without it.")
            .build();
    private final OptionSpec since = time("--since", "Nothing that came before.");
    private final OptionSpec until = time("--until", "Nothing that came after.");
    private final OptionSpec stream = streamOption();
    private final OptionSpec timestamps = Options.flag("Begin each line with its time.", "-t", "--timestamps");
    private final PositionalParamSpec id = idParameter();

    private ReadOptions(FolderOption before, boolean isTail) {
        this.folder = new FolderOption(before);
        this.isTail = isTail;
    }

    static CommandSpec cat(FolderOption before, PrintStream err) {
        ReadOptions options = new ReadOptions(before, false);
        return options.spec(err, "Print a container's log.", "Prints all of a log that is there");
    }

    static CommandSpec tail(FolderOption before, PrintStream err) {
        ReadOptions options = new ReadOptions(before, true);
        CommandSpec spec = options.spec(err, "Print the end of a container's log.", "Prints the last lines of a log");
        return spec.addOption(options.follow).addOption(options.lines);
    }

    static OptionSpec streamOption() {
        return Options.value("stdout|stderr", Output.class, ReadOptions::output, "--stream")
                .completionCandidates(List.of("stdout", "stderr"))
                .description("One of the two outputs alone.")
                .build();
    }

    static PositionalParamSpec idParameter() {
        return PositionalParamSpec.builder()
                .index("0")
                .required(true)
                .paramLabel("ID")
                .description("The container: its id, its name, or the beginning of its id.")
                .type(String.class)
                .build();
    }

    private CommandSpec spec(PrintStream err, String header, String what) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new ReadCommand(this, err));
        spec.usageMessage()
                .header(header)
                .description(what + ": of standard output on standard output, of standard error on standard error."
                        + " TIME is as 2026-01-31T08:00:00Z, in seconds since 1970, or as 10m: so long ago.");
        folder.addTo(spec);
        Options.exitCodes(spec, EXIT_CODES);
        return spec.addOption(since)
                .addOption(until)
                .addOption(stream)
                .addOption(timestamps)
                .addOption(Options.help())
                .addPositional(id);
    }

    FolderOption folder() {
        return folder;
    }

    String id() {
        return id.getValue();
    }

    boolean timestamps() {
        return Options.isSet(timestamps);
    }

    Selection selection() {
        @Nullable Output only = stream.getValue();
        @Nullable Long from = since.getValue();
        @Nullable Long to = until.getValue();
        @Nullable Long last = lines.getValue();
        Set<Output> outputs = only == null ? EnumSet.allOf(Output.class) : EnumSet.of(only);
        return new Selection(
                !isTail ? Selection.ALL : last == null ? USUAL_TAIL : last,
                from == null ? Long.MIN_VALUE : from,
                to == null ? Long.MAX_VALUE : to,
                Options.isSet(follow),
                outputs);
    }

    private static OptionSpec time(String name, String description) {
        return Options.value("TIME", Long.class, text -> TimeBound.parse(text, Instant.now()), name)
                .description(description)
                .build();
    }

    private static long count(String text) {
        if (text.equals("all")) {
            return Selection.ALL;
        }
        try {
            long count = Long.parseLong(text);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is no number of lines, nor all");
    }

    private static Output output(String word) {
        for (Output output : Output.values()) {
            if (output.label().equals(word)) {
                return output;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is neither stdout nor stderr");
    }
}
