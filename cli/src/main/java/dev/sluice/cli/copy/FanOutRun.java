// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.Descriptor;
import dev.sluice.FanOut;
import dev.sluice.SlowPolicy;
import dev.sluice.cli.address.Opened;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import dev.sluice.cli.address.Tap;
import dev.sluice.cli.copy.Branch.Fate;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies from one open end to several, and ends all.
 *
 * <p>The calling thread copies, as in {@link CopyRun}; the readers of taps are accepted, and destinations ended, on
 * threads of their own.
 */
final class FanOutRun {
    private static final Path NOWHERE = Path.of("/dev/null");

    private final Ends ends;
    private final Opened source;
    private final Settings settings;
    private final Totals totals;
    private final TimeLeft time;
    private final Teller teller;
    private final FanOut fanOut;
    private final List<Branch> branches;

    /** Has the source flow on while there is nobody but taps, which may have no reader. */
    private @Nullable Descriptor nowhere;

    /** How the copy itself ended, whatever its destinations say afterwards. */
    private Ending ending = Ending.FAILED;

    FanOutRun(Ends ends, Settings settings, Totals totals, TimeLeft time, Teller teller) {
        this.ends = ends;
        this.source = ends.source();
        this.settings = settings;
        this.totals = totals;
        this.time = time;
        this.teller = teller;
        this.fanOut = newFanOut();
        this.branches = ends.destinations().stream().map(this::branch).toList();
        teller.watch(() -> branches.stream().anyMatch(Branch::isLive));
    }

    private FanOut newFanOut() {
        long replay = ends.destinations().stream()
                .mapToLong(end -> end instanceof Tap tap ? tap.replay() : 0)
                .max()
                .orElse(0);
        FanOut fresh = FanOut.from(source.descriptor(), replay);
        if (settings.pipeSize() > 0) {
            fresh.pipeCapacity(settings.pipeSize());
        } else if (settings.pipeSize() == Settings.KEEP) {
            fresh.keepPipeCapacity();
        }
        if (settings.idleTimeout() != null) {
            fresh.idleTimeout(settings.idleTimeout());
        }
        return fresh;
    }

    private Branch branch(Opened end) {
        return end instanceof Tap tap
                ? new TapBranch(tap, fanOut, settings.slow(), teller)
                : new NamedBranch(end, fanOut, settings.slow().policy(), teller);
    }

    /**
     * Runs to the end.
     *
     * @throws IOException what made it fail; the totals know how far it came
     */
    Ending run() throws IOException {
        try {
            ending = meetAndCopy();
        } catch (Throwable failure) {
            abandon(failure);
            throw failure;
        }
        return finish();
    }

    private void abandon(Throwable failure) {
        if (totals.bytes() == 0) {
            ends.undo(failure);
        }
        try {
            Ending ignored = finish();
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
    }

    private Ending meetAndCopy() throws IOException {
        try {
            meet();
        } catch (SocketTimeoutException passed) {
            return time.ending();
        } catch (InterruptedIOException interrupted) {
            Thread.interrupted(); // what follows may wait
            return Ending.INTERRUPTED;
        }
        join();
        @Nullable Duration remaining = time.untilDeadline();
        if (remaining != null) {
            fanOut.deadline(remaining);
        }
        fanOut.limit(settings.limit());
        Ending run = runCounted();
        if (run == Ending.INTERRUPTED) {
            Thread.interrupted();
            deliverTheRest();
        }
        return run;
    }

    /** Waits for the peers of ends that listen for one. */
    private void meet() throws IOException {
        try {
            boolean ignored = source.meet(null, time.patience());
            for (Opened end : ends.destinations()) {
                ignored = end.meet(null, time.patience());
            }
        } catch (IOException nobodyCame) {
            ends.undo(nobodyCame);
            throw nobodyCame;
        }
    }

    private void join() throws IOException {
        if (isTapped()) {
            fanOut.waitForDestinations();
        }
        fanOut.onChange(this::changed).onDraining(() -> branches.forEach(Branch::draining));
        for (Branch branch : branches) {
            branch.join();
        }
        flowOn();
    }

    private void changed(FanOut.Destination destination) {
        branches.forEach(branch -> branch.changed(destination));
        if (destination.end() != null) {
            try {
                flowOn();
            } catch (IOException failed) {
                teller.failure(failed);
            }
        }
    }

    private boolean isTapped() {
        return ends.destinations().stream().anyMatch(Tap.class::isInstance);
    }

    /** A fan-out keeps its source waiting when there is no destination, and so do not taps that have no reader. */
    private void flowOn() throws IOException {
        boolean tapsAlone = branches.stream().noneMatch(branch -> branch instanceof NamedBranch && branch.isLive());
        if (tapsAlone && isTapped() && !settings.slow().tapsHold() && nowhere == null) {
            nowhere = Descriptor.open(NOWHERE, StandardOpenOption.WRITE);
            fanOut.add(nowhere, SlowPolicy.block());
        }
    }

    private Ending runCounted() throws IOException {
        totals.begin(fanOut::transferred, fanOut::spliced);
        try {
            return Ending.of(fanOut.run().end());
        } finally {
            totals.end();
        }
    }

    /** What has been taken from the source is not to be lost if it can be helped. */
    private void deliverTheRest() throws IOException {
        fanOut.limit(0).deadline(CopyRun.LAST_WORDS);
        Ending ignored = runCounted();
    }

    private Ending finish() throws IOException {
        Leave leave = time.leave(ending);
        if (ending.isGivenUp()) {
            branches.forEach(Branch::hurry); // those that went before wait for their commands
        }
        Verdict ofSource = Verdict.DONE;
        branches.forEach(branch -> branch.leave(leave));
        try {
            awaitAll();
            ofSource = source.finish(leave);
        } catch (InterruptedException interrupted) {
            ending = Ending.INTERRUPTED;
            finishAtOnce(leave.within(CopyRun.LAST_WORDS));
        } finally {
            close();
        }
        return judge(ofSource);
    }

    private void finishAtOnce(Leave leave) throws IOException {
        branches.forEach(Branch::hurry);
        try {
            Verdict ignored = source.finish(leave);
            awaitAll();
        } catch (InterruptedException nobodyDoesThatTwice) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAll() throws InterruptedException {
        for (Branch branch : branches) {
            branch.await();
        }
    }

    private void close() throws IOException {
        source.close();
        if (nowhere != null) {
            nowhere.close();
        }
    }

    /** How the whole ended: one that failed makes it fail; it went well where one destination got all. */
    private Ending judge(Verdict ofSource) {
        if (ending.isGivenUp()) {
            return ending;
        }
        branches.forEach(Branch::tellFailures);
        List<Fate> fates = branches.stream().map(branch -> branch.fate(ending)).toList();
        if (fates.contains(Fate.FAILED)) {
            return Ending.FAILED;
        }
        if (fates.stream().allMatch(Fate.GONE::equals)) {
            return Ending.DESTINATION_GONE;
        }
        return fates.contains(Fate.LATE) || ofSource == Verdict.LATE ? time.ending() : ending;
    }

    /** For {@code --stats}: one for each destination, in the user's order. */
    List<Row> rows() {
        return branches.stream().map(branch -> branch.row(totals.bytes(), ending)).toList();
    }
}
