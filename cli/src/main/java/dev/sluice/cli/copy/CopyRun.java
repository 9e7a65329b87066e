// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.cli.address.Opened;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Copies between two open ends, and ends both.
 *
 * <p>All of it is done by the calling thread, which waits in poll(2) itself: with no poller and no other thread, a
 * start costs least and a wake-up is one switch.
 */
final class CopyRun {
    /** For what is in transit, and for a command that is copied to, when the copy was ended from outside. */
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Ends ends;
    private final Opened source;
    private final Opened destination;
    private final Settings settings;
    private final Totals totals;
    private final TimeLeft time;
    private Copy copy;

    /** Taken from the source, and not delivered. */
    private long inTransit;

    CopyRun(Ends ends, Settings settings, Totals totals) {
        this.ends = ends;
        this.source = ends.source();
        this.destination = ends.destination();
        this.settings = settings;
        this.totals = totals;
        this.time = new TimeLeft(settings);
        this.copy = newCopy();
    }

    /**
     * Runs to the end.
     *
     * @throws IOException what made it fail; the totals know how far it came
     */
    Ending run() throws IOException {
        Ending ending;
        try {
            ending = meetAndCopy();
        } catch (Throwable failure) {
            abandon(failure);
            throw failure;
        }
        return finish(ending);
    }

    private void abandon(Throwable failure) {
        if (totals.bytes() == 0) {
            ends.undo(failure);
        }
        try {
            finish(Ending.FAILED);
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
    }

    private Ending meetAndCopy() throws IOException {
        try {
            if (!meet()) {
                return Ending.DESTINATION_GONE;
            }
        } catch (SocketTimeoutException passed) {
            return time.ending();
        } catch (InterruptedIOException interrupted) {
            return settle(Ending.INTERRUPTED);
        }
        return settle(runOnce());
    }

    /** Waits for the peers of ends that listen; false if the destination has gone meanwhile. */
    private boolean meet() throws IOException {
        try {
            if (!source.meet(destination, time.patience()) || !destination.meet(source, time.patience())) {
                return false;
            }
        } catch (IOException nobodyCame) {
            ends.undo(nobodyCame);
            throw nobodyCame;
        }
        copy = newCopy(); // of what they have become
        return true;
    }

    private Copy newCopy() {
        Copy fresh = Copy.from(source.descriptor()).to(destination.descriptor());
        if (settings.pipeSize() > 0) {
            fresh.pipeCapacity(settings.pipeSize());
        } else if (settings.pipeSize() == Settings.KEEP) {
            fresh.keepPipeCapacity();
        }
        if (settings.idleTimeout() != null) {
            fresh.idleTimeout(settings.idleTimeout());
        }
        if (source.isKept()) {
            fresh.keepSource(true);
        }
        if (destination.isKept()) {
            fresh.keepDestination(true);
        }
        return fresh;
    }

    private Ending runOnce() throws IOException {
        copy.limit(settings.limit() - totals.bytes());
        @Nullable Duration remaining = time.untilDeadline();
        if (remaining != null) {
            copy.deadline(remaining);
        }
        return runCounted();
    }

    private Ending runCounted() throws IOException {
        totals.begin(copy::transferred, copy::spliced);
        try {
            CopyResult result = copy.run();
            inTransit = result.inTransit();
            return Ending.of(result.end());
        } finally {
            totals.end();
        }
    }

    /** Deals with what was taken from the source and is not delivered: no byte is to be lost if it can be helped. */
    private Ending settle(Ending ending) throws IOException {
        if (ending == Ending.INTERRUPTED) {
            Thread.interrupted(); // what follows may wait
            if (inTransit > 0) {
                if (destination.isKept()) {
                    copy.keepDestination(false);
                }
                copy.limit(inTransit).deadline(LAST_WORDS);
                runCounted();
            }
        }
        if (inTransit > 0) {
            giveBack();
        }
        return ending;
    }

    /** A file's position is shared with whoever reads on after us. */
    private void giveBack() throws IOException {
        Descriptor descriptor = source.descriptor();
        try {
            descriptor.setPosition(descriptor.position() - inTransit);
        } catch (FileSystemException hasNoPosition) {
            // a pipe takes nothing back
        }
    }

    private Ending finish(Ending ending) throws IOException {
        try {
            Verdict verdict = finishBoth(time.leave(ending));
            if (ending.isGivenUp() || verdict == Verdict.DONE) {
                return ending;
            }
            if (verdict == Verdict.GONE) {
                return Ending.DESTINATION_GONE;
            }
            return time.ending();
        } catch (InterruptedException interrupted) {
            try {
                finishBoth(time.leave(Ending.INTERRUPTED));
            } catch (InterruptedException nobodyDoesThatTwice) {
                Thread.currentThread().interrupt();
            }
            return Ending.INTERRUPTED;
        }
    }

    /** The destination first: it is to see the end of the data before we wait for anything else. */
    private Verdict finishBoth(Leave leave) throws IOException, InterruptedException {
        Verdict ofDestination;
        try {
            ofDestination = destination.finish(leave);
        } catch (IOException failure) {
            source.close();
            throw failure;
        }
        Verdict ofSource = source.finish(leave);
        return ofDestination == Verdict.DONE ? ofSource : ofDestination;
    }
}
