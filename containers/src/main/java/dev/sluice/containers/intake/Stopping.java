// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import java.io.InterruptedIOException;

/** An intake stops between two batches, when its thread is interrupted. */
final class Stopping {
    private Stopping() {}

    static void ifInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("stopped between two batches");
        }
    }

    /** Sleeps, unless it is to stop. */
    static void sleep(long nanos) throws InterruptedIOException {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            ifInterrupted();
        }
    }
}
