// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link Spread}. Each round:
 *
 * <pre>
 *   1  who wants to join or leave does
 *   2  every destination that something waits for gets as much as it takes; those that ended leave
 *   3  unless somebody holds the source back: a chunk is taken from it, and handed to all (see {@link Intake})
 *   4  if nothing was taken, or somebody holds the source back now: wait for the source (unless it is held back), for
 *      those that something waits for, for the hang-ups of all, for who joins, and for the deadlines
 * </pre>
 *
 * <p>Every latch is cleared in steps 1 and 2, before the kernel is asked, so no edge is lost. A destination can only
 * harm itself, or by its own word hold the source back.
 *
 * <p>When the source fails, what was taken from it is delivered first.
 */
final class SpreadRun {
    private final Spread spread;
    private final Side from;
    private final Options options;
    private final long deadline;
    private final Tally tally;
    private final Standstill standstill;
    private final List<Outlet> outlets;
    private final Intake intake;
    private boolean ended;
    private @Nullable IOException failure;
    private boolean draining;

    SpreadRun(
            Spread spread,
            Side from,
            Options options,
            long deadline,
            Tally tally,
            Standstill standstill,
            List<Outlet> outlets,
            Intake intake) {
        this.spread = spread;
        this.from = from;
        this.options = options;
        this.deadline = deadline;
        this.tally = tally;
        this.standstill = standstill;
        this.outlets = outlets;
        this.intake = intake;
    }

    Spread.End run() throws IOException {
        for (;;) {
            standstill.begin();
            spread.join();
            spread.leave();
            for (int i = 0; i < outlets.size(); i++) {
                outlets.get(i).prepare(from, options.pipeSize());
                outlets.get(i).feed().push();
            }
            leave();
            Spread.@Nullable End end = end();
            if (end != null) {
                return end;
            }
            boolean takes = !isAtEnd() && !outlets.isEmpty() && !isHeldBack();
            boolean again = takes && take();
            if (!again) {
                standstill.await(takes, outlets, until());
            } else if (isHeldBack()) {
                leave();
                standstill.await(false, outlets, until()); // each has been tried since its latch was cleared
            }
        }
    }

    private void leave() {
        for (int i = outlets.size() - 1; i >= 0; i--) {
            Outlet outlet = outlets.get(i);
            for (int refusals = outlet.feed().takeRefusals(); refusals > 0; refusals--) {
                tally.refused();
            }
            if (!outlet.isLive()) {
                outlets.remove(i);
                outlet.release();
            }
            spread.tell(outlet);
        }
    }

    /** Why it ends here, or null. */
    private Spread.@Nullable End end() throws IOException {
        if (isAtEnd()) {
            if (!isAnyBusy()) {
                return finish();
            }
            if (!draining) {
                draining = true;
                spread.tellDraining();
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            return Spread.End.INTERRUPTED;
        }
        if (Deadline.passed(deadline)) {
            return Spread.End.DEADLINE;
        }
        if (options.idle().passed()) {
            return Spread.End.IDLE_TIMEOUT;
        }
        boolean alone = outlets.isEmpty() && !spread.isAnyJoining() && !spread.waitsForDestinations();
        return alone ? Spread.End.ALL_GONE : null;
    }

    private Spread.End finish() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (!ended) {
            return Spread.End.LIMIT;
        }
        outlets.forEach(outlet -> outlet.finish(Outlet.End.END_OF_SOURCE, null));
        leave();
        return Spread.End.END_OF_SOURCE;
    }

    private long until() {
        return Deadline.earlier(deadline, options.idle().until());
    }

    private boolean isAtEnd() {
        return ended || failure != null || tally.bytes() >= options.limit();
    }

    private boolean isHeldBack() {
        for (int i = 0; i < outlets.size(); i++) {
            if (outlets.get(i).feed().holdsSource()) {
                return true;
            }
        }
        return false;
    }

    private boolean isAnyBusy() {
        return outlets.stream().anyMatch(outlet -> outlet.feed().isBusy());
    }

    /** Answers whether to go round again, and not to wait for the source. */
    private boolean take() {
        Intake.Outcome outcome;
        try {
            outcome = intake.take(options.limit() - tally.bytes(), outlets);
        } catch (IOException failed) {
            failure = failed;
            return true;
        }
        ended = outcome == Intake.Outcome.END;
        if (outcome == Intake.Outcome.TAKEN) {
            options.idle().touch();
        }
        return outcome != Intake.Outcome.NOTHING;
    }
}
