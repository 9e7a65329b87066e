// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.DestinationEnd;
import dev.sluice.FanOut;
import dev.sluice.SlowPolicy;
import dev.sluice.cli.address.Opened;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A destination that is there from the start: it is offered all that is taken from the source. */
final class NamedBranch implements Branch {
    private final Opened end;
    private final FanOut fanOut;
    private final SlowPolicy slow;
    private final Teller teller;
    private FanOut.@Nullable Destination destination;
    private @Nullable Departure departure;
    private boolean toldOfSkipping;

    NamedBranch(Opened end, FanOut fanOut, SlowPolicy slow, Teller teller) {
        this.end = end;
        this.fanOut = fanOut;
        this.slow = slow;
        this.teller = teller;
    }

    @Override
    public void join() {
        destination = fanOut.add(end.descriptor(), slow);
    }

    @Override
    public boolean isLive() {
        return destination == null || destination.end() == null;
    }

    @Override
    public void changed(FanOut.Destination changed) {
        if (changed != destination) {
            return;
        }
        @Nullable DestinationEnd why = changed.end();
        if (why == null) {
            if (changed.isSkipping() && !toldOfSkipping) {
                toldOfSkipping = true;
                teller.line(end.address() + ": slow, and skips what it has no room for, after "
                        + Teller.bytes(changed.bytes()));
            }
            return;
        }
        if (why == DestinationEnd.END_OF_SOURCE) {
            return; // all are left together
        }
        boolean cutShort = why != DestinationEnd.GONE;
        departure = Departure.start(end, teller.leaveEarly(cutShort));
        switch (why) {
            case GONE -> teller.gone(end.address() + ": nobody reads it any more, after " + Teller.bytes(changed.bytes()));
            case DROPPED -> teller.line(end.address() + ": too slow, dropped after " + Teller.bytes(changed.bytes()));
            default -> teller.failure(Objects.requireNonNullElseGet(
                    changed.failure(), () -> new IllegalStateException(end.address() + " was closed")));
        }
    }

    @Override
    public void draining() {
        // what it was promised is delivered, however long that takes
    }

    @Override
    public void leave(Leave leave) {
        if (departure == null) {
            departure = Departure.start(end, leave);
        }
    }

    @Override
    public void hurry() {
        if (departure != null) {
            departure.hurry();
        }
    }

    @Override
    public void await() throws InterruptedException {
        if (departure != null) {
            departure.await();
        }
    }

    @Override
    public void tellFailures() {
        if (departure != null && departure.failure() != null) {
            teller.failure(departure.failure());
        }
    }

    @Override
    public Fate fate(Ending run) {
        @Nullable DestinationEnd why = destination == null ? null : destination.end();
        boolean failed = departure != null && departure.failure() != null && run != Ending.INTERRUPTED;
        Verdict verdict = departure == null ? Verdict.DONE : departure.verdict();
        if (failed || why == DestinationEnd.FAILED || why == DestinationEnd.CLOSED) {
            return Fate.FAILED;
        }
        if (why == DestinationEnd.GONE || why == DestinationEnd.DROPPED || verdict == Verdict.GONE) {
            return Fate.GONE;
        }
        return verdict == Verdict.LATE && !run.isGivenUp() ? Fate.LATE : Fate.WHOLE;
    }

    @Override
    public Row row(long total, Ending run) {
        long delivered = destination == null ? 0 : destination.bytes();
        boolean dropped = destination != null && destination.end() == DestinationEnd.DROPPED;
        String word =
                switch (fate(run)) {
                    case FAILED -> Ending.FAILED.word();
                    case GONE -> dropped ? "dropped" : Ending.DESTINATION_GONE.word();
                    case LATE -> teller.late().word();
                    case WHOLE -> run.word();
                };
        return new Row(end.address(), delivered, total - delivered, word);
    }
}
