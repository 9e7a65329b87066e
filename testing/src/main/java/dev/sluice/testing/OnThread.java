// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.util.concurrent.Callable;

/** The two kinds of threads that can wait: what holds on one must hold on the other. */
public enum OnThread {
    /** A virtual thread. */
    VIRTUAL,
    /** A platform thread. */
    PLATFORM;

    /** What a thread is to do that returns nothing. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws Exception whatever it is: see {@link Running#failure}
         */
        void run() throws Exception;
    }

    /**
     * Starts work on a thread of this kind.
     *
     * @param <T> what comes of it
     * @param work the work
     * @return the work under way
     */
    public <T> Running<T> call(Callable<T> work) {
        return new Running<>(this, work);
    }

    /**
     * Starts work that returns nothing on a thread of this kind.
     *
     * @param action the work
     * @return the work under way; it yields true
     */
    public Running<Boolean> run(Action action) {
        return call(() -> {
            action.run();
            return true;
        });
    }
}
