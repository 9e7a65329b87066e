// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.cli.Durations;
import dev.sluice.cli.Options;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of {@code sluice proxy}: what picocli is to know of them, and what it has found. */
public final class ProxyOptions {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final String ADDRESSES = """

            Addresses:
              tcp:[HOST:]PORT   where to listen: on loopback without a host, everywhere
                                with *; port 0 is one that is free. An IPv6 address
                                stands in brackets
              tcp:HOST:PORT     where to connect to
              unix:PATH         a Unix-domain socket; @NAME is an abstract one. The
                                file of one that listens gets ?mode=0600
              fd:N              a socket that listens already, inherited
              systemd:          all the stream sockets that a service manager passes
                                by LISTEN_FDS
            """;
    private static final String[] EXIT_CODES = {
        "1", "failed",
        "2", "usage",
        "130", "ended by SIGINT",
        "143", "ended by SIGTERM",
    };

    private final OptionSpec grace = Options.value("DURATION", Duration.class, ProxyOptions::orNone, "--grace")
            .description("How long connections under way get to finish after a signal (default: 10s).")
            .build();
    private final OptionSpec mostConnections = Options.value(
                    "N", Integer.class, ProxyOptions::count, "--max-connections")
            .description("Serve so many at once; further ones wait to be accepted.")
            .build();
    private final OptionSpec connectTimeout = Options.value(
                    "DURATION", Duration.class, Durations::parse, "--connect-timeout")
            .description("How long connecting to the target may take (default: 10s).")
            .build();
    private final OptionSpec idleTimeout = Options.value("DURATION", Duration.class, Durations::parse, "--idle-timeout")
            .description("Cut a connection on which no byte has moved for so long.")
            .build();
    private final OptionSpec statsInterval = Options.value(
                    "DURATION", Duration.class, Durations::parse, "--stats-interval")
            .description("Say on standard error so often what was moved.")
            .build();
    private final OptionSpec threads = Options.value("N", Integer.class, ProxyOptions::threads, "--threads")
            .description("Relay with so many threads (default: half as many as CPUs).")
            .build();
    private final OptionSpec verbose =
            Options.flag("Tell of connections that are reset or cut.", "-v", "--verbose");
    private final PositionalParamSpec listen = PositionalParamSpec.builder()
            .index("0")
            .required(true)
            .paramLabel("LISTEN")
            .description("Where to accept connections.")
            .type(String.class)
            .build();
    private final PositionalParamSpec target = PositionalParamSpec.builder()
            .index("1")
            .required(true)
            .paramLabel("TARGET")
            .description("Where to connect each of them to.")
            .type(String.class)
            .build();

    private ProxyOptions() {}

    /** The command, for picocli. */
    public static CommandSpec spec(PrintStream err) {
        ProxyOptions options = new ProxyOptions();
        CommandSpec spec = CommandSpec.wrapWithoutInspection(new ProxyCommand(options, err));
        spec.usageMessage()
                .header("Relay connections to another address.")
                .description("Accepts connections at LISTEN and relays each, both ways, to one of its own to TARGET,"
                        + " until SIGTERM or SIGINT.")
                .footer(ADDRESSES);
        Options.exitCodes(spec, EXIT_CODES);
        return spec.addOption(options.grace)
                .addOption(options.mostConnections)
                .addOption(options.connectTimeout)
                .addOption(options.idleTimeout)
                .addOption(options.statsInterval)
                .addOption(options.threads)
                .addOption(options.verbose)
                .addOption(Options.help())
                .addPositional(options.listen)
                .addPositional(options.target);
    }

    String listen() {
        return listen.getValue();
    }

    String target() {
        return target.getValue();
    }

    ProxySettings settings() {
        @Nullable Duration patience = grace.getValue();
        @Nullable Integer most = mostConnections.getValue();
        @Nullable Duration connecting = connectTimeout.getValue();
        return new ProxySettings(
                Objects.requireNonNullElse(patience, GRACE),
                Objects.requireNonNullElse(most, Integer.MAX_VALUE),
                Objects.requireNonNullElse(connecting, CONNECT_TIMEOUT),
                idleTimeout.getValue(),
                statsInterval.getValue(),
                threads.getValue(),
                Options.isSet(verbose));
    }

    private static Duration orNone(String text) {
        return text.matches("0(s|ms)?") ? Duration.ZERO : Durations.parse(text);
    }

    private static int count(String text) {
        return number(text, "[1-9]\\d{0,8}", "connections");
    }

    private static int threads(String text) {
        return number(text, "[1-9]\\d{0,2}", "threads");
    }

    private static int number(String text, String pattern, String what) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException("'" + text + "' is no number of " + what);
        }
        return Integer.parseInt(text);
    }
}
