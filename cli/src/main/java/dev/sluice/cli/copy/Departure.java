// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.address.Opened;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Ends one destination of several, on a thread of its own: nobody else is to wait until its command has exited or its
 * peer has read all, and all are to see the end of the data at once.
 */
final class Departure {
    private final Opened end;
    private final Leave leave;
    private final Thread thread;
    private Verdict verdict = Verdict.DONE;
    private @Nullable Exception failure;

    private Departure(Opened end, Leave leave) {
        this.end = end;
        this.leave = leave;
        this.thread = Thread.ofVirtual().name("sluice-departure").unstarted(this::run);
    }

    /** Begins. The destination is its own from here on. */
    static Departure start(Opened end, Leave leave) {
        Departure started = new Departure(end, leave);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            verdict = finish();
        } catch (InterruptedException again) {
            verdict = Verdict.LATE;
        } catch (IOException | RuntimeException failed) {
            failure = failed;
        }
    }

    private Verdict finish() throws IOException, InterruptedException {
        try {
            return end.finish(leave);
        } catch (InterruptedException hurried) {
            return end.finish(leave.within(CopyRun.LAST_WORDS));
        }
    }

    /** From now on it has two seconds. */
    void hurry() {
        thread.interrupt();
    }

    void await() throws InterruptedException {
        thread.join();
    }

    /** What the destination knew in the end. After {@link #await}. */
    Verdict verdict() {
        return verdict;
    }

    /** What turned out to have failed; null if nothing has. After {@link #await}. */
    @Nullable Exception failure() {
        return failure;
    }
}
