// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.concurrent.atomic.LongAdder;

/**
 * What goes on in all the logs that this process has open: for its operator, and of no consequence to anything else.
 * So there is one for the process. For any thread.
 */
public final class Activity {
    private static final LongAdder ROTATIONS = new LongAdder();
    private static final LongAdder COMPRESSIONS = new LongAdder();
    private static final LongAdder FAILING = new LongAdder();
    private static final LongAdder FOLLOWERS = new LongAdder();

    private Activity() {}

    /** {@return how many files were full, and followed by another one, since the process began} */
    public static long rotations() {
        return ROTATIONS.sum();
    }

    /** {@return how many rotated files have been compressed since the process began} */
    public static long compressions() {
        return COMPRESSIONS.sum();
    }

    /** {@return how many logs cannot be written at this moment, so that what comes for them is dropped} */
    public static long failing() {
        return FAILING.sum();
    }

    /** {@return how many readers follow a log at this moment} */
    public static long followers() {
        return FOLLOWERS.sum();
    }

    /**
     * A file was full, and another one is written from now on.
     *
     * @param container its id
     * @param file the name of the one that is written
     * @param bytes how many are in the one that was full
     */
    static void rotated(String container, String file, long bytes) {
        ROTATIONS.increment();
        Recorder.rotated(container, file, bytes);
    }

    static void compressed() {
        COMPRESSIONS.increment();
    }

    /** A log that could be written cannot be written any more. */
    static void outageBegins() {
        FAILING.increment();
    }

    /** It can again, or was closed. */
    static void outageEnds() {
        FAILING.decrement();
    }

    static void followerComes() {
        FOLLOWERS.increment();
    }

    static void followerGoes() {
        FOLLOWERS.decrement();
    }
}
