// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGINT and SIGTERM end a copy as an interrupt of its thread does: it delivers what is in transit, and says how it
 * ended. The JVM waits for that, for a while, and then exits with 130 or 143 by itself.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Thread copier = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean came;
    private final Thread hook = new Thread(this::stop, "sluice-signal");

    /** Begins, for the thread that calls it. */
    Interruption() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            came = true;
            copier.interrupt();
        }
    }

    private void stop() {
        came = true;
        copier.interrupt();
        try {
            boolean ignored = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there was one: what fails then, fails because of it, a command that got the same signal say. */
    boolean came() {
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
