// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How long an intake lets a dense flow gather before it looks again. A reader that is woken for each line costs the
 * writer more than the line itself does; one that naps between its looks is never waited for, and never woken. A sparse
 * flow is taken at once.
 *
 * <p>The flow is dense once {@value #DENSE_BATCHES} batches have come with less than {@value #CLOSE_MILLIS} ms from one
 * to the next, and as long as more than one entry comes per nap. A nap is such that the pipe gets half full at most.
 */
final class Coalescing {
    /** The longest nap, and the usual one. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /** A shorter one is not worth the timer. */
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private static final long CLOSE_MILLIS = 2;
    private static final int DENSE_BATCHES = 4;

    private long lastBatch;
    private int closeBatches;

    /**
     * To be told of each batch.
     *
     * @param now {@link System#nanoTime} after it
     * @param entries how many lines it had
     * @param bytes how many bytes were taken from the pipe
     * @param capacity how many the pipe holds
     * @return how long to nap before the next look, in nanoseconds; 0 for not at all
     */
    long afterBatch(long now, int entries, int bytes, int capacity) {
        long since = now - lastBatch;
        lastBatch = now;
        if (closeBatches < DENSE_BATCHES) {
            closeBatches = since < TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS) ? closeBatches + 1 : 0;
            return isDense() ? LONGEST_NANOS : 0;
        }
        if (entries <= 1 && bytes < capacity / 4) {
            closeBatches = 0;
            return 0;
        }
        long untilHalf = Math.min(since, LONGEST_NANOS * 100) * (capacity / 2) / Math.max(1, bytes);
        long nap = Math.min(LONGEST_NANOS, untilHalf);
        return nap < SHORTEST_NANOS ? 0 : nap;
    }

    /** After a batch: lets more gather, and has the pipe made larger where that pays. */
    void pause(PeekedSource source, int entries, int bytes) throws IOException {
        int capacity = source.capacity();
        long nap = afterBatch(System.nanoTime(), entries, bytes, capacity);
        if (isDense() && bytes > capacity / 8) {
            source.grow();
        }
        if (nap > 0) {
            Stopping.sleep(nap);
        }
    }

    /** {@return whether much has come lately} */
    boolean isDense() {
        return closeBatches >= DENSE_BATCHES;
    }
}
