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
import java.util.ArrayList;
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
        List<Address> to = options.destinations().stream()
                .map(text -> AddressParser.parse(text, Role.DESTINATION))
                .toList();
        if (fansOut(to)) {
            refuseKept(source);
            to.forEach(CopyCommand::refuseKept);
        }
        try (Interruption interruption = new Interruption(PATIENCE)) {
            return copy(source, to, interruption).exitCode();
        }
    }

    /** Whether it takes a fan-out; a single destination that may not hold the source back is one too. */
    private boolean fansOut(List<Address> to) {
        return to.size() > 1 || to.getFirst().isTap() || options.settings().slow().isFree();
    }

    private static void refuseKept(Address address) {
        if (address.isKept()) {
            throw new UsageException(
                    address.text() + ": ?keep is for a copy to one destination, which it waits for if it is slow");
        }
    }

    private Ending copy(Address from, List<Address> to, Interruption interruption) {
        Totals totals = new Totals();
        List<Row> rows = new ArrayList<>();
        Ending ending;
        @Nullable Throwable failure = null;
        try {
            ending = openAndRun(from, to, totals, rows);
        } catch (SocketTimeoutException late) {
            ending = options.settings().isDeadlineFirst() ? Ending.DEADLINE : Ending.IDLE_TIMEOUT;
        } catch (IOException | RuntimeException failed) {
            ending = interruption.came() ? Ending.INTERRUPTED : Ending.FAILED;
            failure = interruption.came() ? null : failed;
        }
        if (rows.isEmpty()) { // it has not come so far, or has a single one, which got all that moved
            for (Address address : to) {
                rows.add(new Row(address.text(), totals.bytes(), 0, ending.word()));
            }
        }
        Summary summary = new Summary(totals.bytes(), totals.spliced(), totals.nanos(), ending, rows);
        if (failure != null) {
            Report.failure(err, failure, options.verbose());
        }
        print(summary);
        return ending;
    }

    private Ending openAndRun(Address from, List<Address> to, Totals totals, List<Row> rows) throws IOException {
        Ends ends = Ends.open(from, to, options.settings().patience());
        tellWhereabouts(ends.source());
        for (Opened destination : ends.destinations()) {
            tellWhereabouts(destination);
        }
        if (!options.progress()) {
            return run(ends, fansOut(to), totals, rows);
        }
        try (Progress progress = new Progress(err, totals, size(ends.source()))) {
            progress.start();
            return run(ends, fansOut(to), totals, rows);
        }
    }

    private Ending run(Ends ends, boolean fansOut, Totals totals, List<Row> rows) throws IOException {
        Settings settings = options.settings();
        if (!fansOut) {
            return new CopyRun(ends, settings, totals).run();
        }
        TimeLeft time = new TimeLeft(settings);
        Teller teller = new Teller(err, options.verbose(), settings, time);
        FanOutRun run = new FanOutRun(ends, settings, totals, time, teller);
        try {
            return run.run();
        } finally {
            rows.addAll(run.rows());
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
                case TEXT -> summary.text().forEach(line -> Report.line(err, line));
                case JSON -> err.println(summary.json());
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // it writes to memory
        }
    }
}
