// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.Interruption;
import dev.sluice.cli.Report;
import dev.sluice.cli.UsageException;
import dev.sluice.cli.address.Address;
import dev.sluice.cli.address.AddressParser;
import dev.sluice.cli.address.AddressParser.Role;
import dev.sluice.cli.address.Opened;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code sluice copy}: from what was typed to the exit code. */
public final class CopyCommand implements Callable<Integer> {
    /** For what is in transit, and what a command does with it, after a signal. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CopyOptions options;
    private final PrintStream err;

    CopyCommand(CopyOptions options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    @Override
    public Integer call() {
        Address source = AddressParser.parse(options.source(), Role.SOURCE);
        List<String> destinations = options.destinations();
        if (destinations.size() > 1) {
            throw new UsageException("this version copies to one destination, and there are " + destinations.size());
        }
        Address destination = AddressParser.parse(destinations.getFirst(), Role.DESTINATION);
        try (Interruption interruption = new Interruption(PATIENCE)) {
            return copy(source, destination, interruption).exitCode();
        }
    }

    private Ending copy(Address from, Address to, Interruption interruption) {
        Totals totals = new Totals();
        Ending ending;
        @Nullable Throwable failure = null;
        try {
            ending = openAndRun(from, to, totals);
        } catch (SocketTimeoutException late) {
            ending = options.settings().isDeadlineFirst() ? Ending.DEADLINE : Ending.IDLE_TIMEOUT;
        } catch (IOException | RuntimeException failed) {
            ending = interruption.came() ? Ending.INTERRUPTED : Ending.FAILED;
            failure = interruption.came() ? null : failed;
        }
        Summary summary = new Summary(totals.bytes(), totals.spliced(), totals.nanos(), ending, to.text());
        if (failure != null) {
            Report.failure(err, failure, options.verbose());
        }
        print(summary);
        return ending;
    }

    private Ending openAndRun(Address from, Address to, Totals totals) throws IOException {
        Ends ends = Ends.open(from, to, options.settings().patience());
        tellWhereabouts(ends.source());
        tellWhereabouts(ends.destination());
        CopyRun run = new CopyRun(ends, options.settings(), totals);
        if (!options.progress()) {
            return run.run();
        }
        try (Progress progress = new Progress(err, totals, size(ends.source()))) {
            progress.start();
            return run.run();
        }
    }

    private void tellWhereabouts(Opened end) throws IOException {
        @Nullable String whereabouts = end.whereabouts();
        if (whereabouts != null) {
            Report.line(err, whereabouts);
        }
    }

    /** How many bytes there will be, or -1 if nobody knows. */
    private long size(Opened source) throws IOException {
        long limit = options.settings().limit();
        long rest = source.remainingBytes();
        return limit == Long.MAX_VALUE ? rest : rest < 0 ? limit : Math.min(rest, limit);
    }

    private void print(Summary summary) {
        try {
            switch (options.stats()) {
                case NONE -> {}
                case TEXT -> Report.line(err, summary.text());
                case JSON -> err.println(summary.json());
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // it writes to memory
        }
    }
}
