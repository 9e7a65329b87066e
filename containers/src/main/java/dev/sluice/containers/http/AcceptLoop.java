// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/** A virtual thread that accepts a server's clients, one after another, and gives up for nothing that passes. */
public final class AcceptLoop {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Logger LOG = System.getLogger(AcceptLoop.class.getName());

    private final Thread thread;

    /** Accepts a client and has it served. */
    @FunctionalInterface
    public interface Accept {
        /**
         * Waits for one, and does not wait for its end.
         *
         * @throws IOException if it could not be accepted: InterruptedIOException and ClosedChannelException end the
         *     loop, all else is logged
         */
        void next() throws IOException;
    }

    private AcceptLoop(Thread thread) {
        this.thread = thread;
    }

    /**
     * Accepts from now on, until {@link #stop} or the listener's close.
     *
     * @param name the thread's
     * @param accept is called again and again
     * @return the loop
     */
    public static AcceptLoop start(String name, Accept accept) {
        return new AcceptLoop(Thread.ofVirtual().name(name).start(() -> run(name, accept)));
    }

    private static void run(String name, Accept accept) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                accept.next();
            } catch (InterruptedIOException | ClosedChannelException over) {
                return;
            } catch (IOException failure) {
                LOG.log(Level.WARNING, name + ": a client could not be accepted", failure);
                if (!isToGoOn()) {
                    return;
                }
            }
        }
    }

    /** What failed may fail again at once, and again. (A lack of descriptors does not: the listener waits for one.) */
    private static boolean isToGoOn() {
        try {
            Thread.sleep(AFTER_FAILURE);
            return true;
        } catch (InterruptedException stopped) {
            return false;
        }
    }

    /**
     * Accepts no more, and loses no client: who comes now waits in the listener's queue.
     *
     * @throws InterruptedException if the thread is interrupted; no more are accepted nonetheless
     */
    public void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
