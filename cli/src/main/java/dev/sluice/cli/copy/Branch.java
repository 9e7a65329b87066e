// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.FanOut;
import dev.sluice.cli.address.Opened.Leave;

/** One destination, as the user wrote it, of a copy that fans out. */
interface Branch {
    /** Joins, before the copy begins. */
    void join();

    /** Whether it still takes what comes. */
    boolean isLive();

    /** Is told of a change, on the thread that copies, of every destination of the fan-out. */
    void changed(FanOut.Destination destination);

    /** Is told, on the thread that copies, that nothing more is taken and something has still to be delivered. */
    void draining();

    /** Begins to end what has not ended; waits for nothing. */
    void leave(Leave leave);

    /** Gives what ends two seconds more. */
    void hurry();

    /** Waits until it has ended. */
    void await() throws InterruptedException;

    /** What is to be said of failures that have turned out only at its end. */
    void tellFailures();

    /**
     * How it ended, after all else.
     *
     * @param run how the copy itself ended
     */
    Fate fate(Ending run);

    /**
     * For {@code --stats}.
     *
     * @param total what the copy took from its source
     * @param run how it ended
     */
    Row row(long total, Ending run);

    /** How a destination ended. */
    enum Fate {
        /** As the copy did. */
        WHOLE,
        /** Nobody reads it any more, or it was too slow. */
        GONE,
        /** It did not end in time. */
        LATE,
        FAILED
    }
}
