// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often to look for what the kernel announces by no event: that a FIFO's peer has come.
 *
 * <p>At first after 1 ms, then ever more slowly up to {@value #LONGEST_MILLIS} ms; and where hundreds look, more
 * slowly still, so that together they take a few percent of one processor at most.
 */
public final class Pace implements AutoCloseable {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_MILLIS = 20;
    private static final long NANOS_EACH = TimeUnit.MICROSECONDS.toNanos(100);
    private static final AtomicInteger LOOKING = new AtomicInteger();

    private long delay = FIRST_NANOS;

    public Pace() {
        LOOKING.incrementAndGet();
    }

    /** The moment of the next look, as {@link Deadline} has it. */
    public long next() {
        long now = delay;
        long longest = Math.max(TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS), LOOKING.get() * NANOS_EACH);
        delay = Math.min(2 * delay, longest);
        return Deadline.after(now);
    }

    @Override
    public void close() {
        LOOKING.decrementAndGet();
    }
}
