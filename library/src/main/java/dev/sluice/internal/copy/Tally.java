// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/** What a transfer has moved. Written by the transfer's thread alone, read by anybody. */
public final class Tally {
    private volatile long spliced;
    private volatile long copied;
    private volatile int refusals;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void moved(boolean inTheKernel, long count) {
        if (inTheKernel) {
            spliced += count;
        } else {
            copied += count;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void refused() {
        refusals++;
    }

    public long bytes() {
        return spliced + copied;
    }

    /** Bytes that did not pass through user space. */
    public long spliced() {
        return spliced;
    }

    public long copied() {
        return copied;
    }

    /** How often the kernel refused a way, and another was taken. */
    public int refusals() {
        return refusals;
    }
}
