// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.Durations;
import dev.sluice.cli.Options;
import dev.sluice.cli.Sizes;
import dev.sluice.cli.copy.Summary.Form;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of {@code sluice copy}: what picocli is to know of them, and what it has found. */
public final class CopyOptions {
    private static final String ADDRESSES = """

            Addresses:
              -                 standard input, or standard output
              PATH, file:PATH   a file; what lies there decides: a FIFO, a terminal, a
                                device are treated as what they are. A destination is
                                created or truncated, but for ?append and ?new (it must
                                not exist); ?mode=0640 for one that is created
              fifo:PATH         a FIFO; ?keep waits for the next peer when one has left,
                                ?create=0600 makes it if it is missing
              fd:N              an inherited descriptor
              tcp:HOST:PORT     a connection that is made; an IPv6 address stands in
                                brackets
              tcp-listen:[HOST:]PORT
                                the first connection that comes: on loopback without
                                a host, everywhere with *; port 0 is one that is free
              unix:PATH, unix-listen:PATH
                                the same by a Unix-domain socket; @NAME is abstract;
                                the file of one that listens gets ?mode=0600.
                                As destinations both take ?many, a tap: any number of
                                connections, that come and go while the copy runs;
                                ?many,replay=64K gives each the last bytes first
              exec:COMMAND      what sh -c COMMAND writes, or reads
              null:             nothing, or nowhere
            """;
    private static final String[] EXIT_CODES = {
        "0", "end of source, or the limit",
        "1", "failed",
        "2", "usage",
        "124", "a deadline or an idle timeout",
        "130", "interrupted by SIGINT",
        "141", "the last destination went away",
        "143", "ended by SIGTERM",
    };

    private final OptionSpec progress =
            Options.flag("Show on standard error how far it is.", "-p", "--progress");
    private final OptionSpec stats = Options.value("text|json", Form.class, CopyOptions::form, "--stats")
            .arity("0..1")
            .completionCandidates(List.of("text", "json"))
            .description("Say on standard error at the end what was done.")
            .build();
    private final OptionSpec limit = Options.value("SIZE", Long.class, Sizes::parse, "-n", "--limit")
            .description("Copy so much at most. 10M is 10 x 2^20 bytes, 10MB is 10^7.")
            .build();
    private final OptionSpec idleTimeout = Options.value("DURATION", Duration.class, Durations::parse, "--idle-timeout")
            .description("Give up when no byte has moved for so long: 1.5s, 200ms, 2m.")
            .build();
    private final OptionSpec deadline = Options.value("DURATION", Duration.class, Durations::parse, "--deadline")
            .description("Give up when it has taken so long.")
            .build();
    private final OptionSpec pipeSize = Options.value("SIZE|keep", Integer.class, CopyOptions::pipe, "--pipe-size")
            .completionCandidates(List.of("keep"))
            .description("Give the pipes at the ends this size, or keep theirs. Without it they grow, up to 1 MiB,"
                    + " when that pays.")
            .build();
    private final OptionSpec slow = Options.value("POLICY", String.class, CopyOptions::policy, "--slow")
            .completionCandidates(Slow.WORDS)
            .description("What is done when a destination is slow: block holds the source back, skip and skip-lines"
                    + " leave out chunks or whole lines, drop gives it up. Without it, a destination holds the source"
                    + " back, and the readers of a tap skip.")
            .build();
    private final OptionSpec slowBound = Options.value("SIZE", Long.class, Sizes::parse, "--slow-bound")
            .description("How far a destination may fall behind before that: 1M without it.")
            .build();
    private final OptionSpec verbose = Options.flag("Add the stack trace to an error.", "-v", "--verbose");
    private final PositionalParamSpec source = PositionalParamSpec.builder()
            .index("0")
            .required(true)
            .paramLabel("SOURCE")
            .description("Where to copy from.")
            .type(String.class)
            .build();
    private final PositionalParamSpec destinations = PositionalParamSpec.builder()
            .index("1..*")
            .arity("1..*")
            .required(true)
            .paramLabel("DESTINATION")
            .description("Where to copy to; several get the same bytes.")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build();

    private CopyOptions() {}

    /** The command, for picocli. */
    public static CommandSpec spec(PrintStream err) {
        CopyOptions options = new CopyOptions();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new CopyCommand(options, err));
        spec.usageMessage()
                .header("Copy from one descriptor to others.")
                .description("Copies bytes from SOURCE to each DESTINATION, in the kernel where it can, and ends at"
                        + " once when the last destination goes, however quiet the source.")
                .footer(ADDRESSES);
        Options.exitCodes(spec, EXIT_CODES);
        return spec.addOption(options.progress)
                .addOption(options.stats)
                .addOption(options.limit)
                .addOption(options.idleTimeout)
                .addOption(options.deadline)
                .addOption(options.pipeSize)
                .addOption(options.slow)
                .addOption(options.slowBound)
                .addOption(options.verbose)
                .addOption(Options.help())
                .addPositional(options.source)
                .addPositional(options.destinations);
    }

    String source() {
        return source.getValue();
    }

    List<String> destinations() {
        return destinations.getValue();
    }

    boolean progress() {
        return Options.isSet(progress);
    }

    boolean verbose() {
        return Options.isSet(verbose);
    }

    Form stats() {
        @Nullable Form form = stats.getValue();
        return form == null ? Form.NONE : form;
    }

    Settings settings() {
        @Nullable Long most = limit.getValue();
        @Nullable Integer size = pipeSize.getValue();
        @Nullable Long bound = slowBound.getValue();
        return new Settings(
                most == null ? Long.MAX_VALUE : most,
                idleTimeout.getValue(),
                deadline.getValue(),
                size == null ? Settings.GROW : size,
                new Slow(slow.getValue(), bound == null ? Slow.USUAL_BOUND : bound));
    }

    private static Form form(String word) {
        return switch (word) {
            case "text" -> Form.TEXT;
            case "json" -> Form.JSON;
            default -> throw new IllegalArgumentException("'" + word + "' is neither text nor json");
        };
    }

    private static int pipe(String word) {
        if (word.equals("keep")) {
            return Settings.KEEP;
        }
        long size = Sizes.parse(word);
        if (size < 1 || size > 1 << 30) {
            throw new IllegalArgumentException("'" + word + "' is no size for a pipe, as in 64K or 1M, nor keep");
        }
        return (int) size;
    }

    private static String policy(String word) {
        if (!Slow.WORDS.contains(word)) {
            throw new IllegalArgumentException("'" + word + "' is none of " + String.join(", ", Slow.WORDS));
        }
        return word;
    }
}
