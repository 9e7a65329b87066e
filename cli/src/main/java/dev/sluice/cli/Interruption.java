// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGINT and SIGTERM end a command's work as an interrupt of its thread does: it brings that to an end, and says how it
 * ended. The JVM waits for that, for a while, and then exits with 130 or 143 by itself.
 */
public final class Interruption implements AutoCloseable {
    private final Thread worker = Thread.currentThread();
    private final Duration patience;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean came;
    private final Thread hook = new Thread(this::stop, "sluice-signal");

    /**
     * Begins, for the thread that calls it.
     *
     * @param patience how long the JVM waits for it after a signal
     */
    public Interruption(Duration patience) {
        this.patience = patience;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            came = true;
            worker.interrupt();
        }
    }

    private void stop() {
        came = true;
        worker.interrupt();
        try {
            boolean ignored = over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was one: what fails then, fails because of it, a command that got the same signal say. */
    public boolean came() {
        return came;
    }

    /** To be called when all has been said. */
    @Override
    public void close() {
        over.countDown();
        try {
            boolean ignored = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // then the hook runs, and has its answer
        }
    }
}
