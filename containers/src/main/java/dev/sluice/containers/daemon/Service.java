// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Listener;
import java.io.IOException;

/**
 * What a {@link Daemon} serves at a socket of its own. The socket is the daemon's: it may have come from another
 * process, and may be handed on to one.
 */
public interface Service {
    /**
     * Accepts clients from now on, by threads of its own, and returns. Called again after {@link #pause} if no other
     * process has taken over after all.
     *
     * @param listener stays open
     * @throws IOException if it cannot be served
     */
    void start(Listener listener) throws IOException;

    /**
     * Accepts no more clients, who wait in the listener's queue from now on, and waits, for a few seconds at most, for
     * the end of requests under way. Does nothing before {@link #start} and after another {@code pause}.
     *
     * @throws InterruptedException if the thread is interrupted; no more are accepted nonetheless
     */
    void pause() throws InterruptedException;

    /** Ends what is still under way. Called once, after {@link #pause}. */
    void close() throws IOException;
}
