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
    private static final long RARE_MILLIS = 250;
    private static final long NANOS_EACH = TimeUnit.MICROSECONDS.toNanos(100);
    private static final AtomicInteger LOOKING = new AtomicInteger();

    private final boolean counts;
    private final long longest;
    private long delay = FIRST_NANOS;

    public Pace() {
        this(true, TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS));
        LOOKING.incrementAndGet();
    }

    private Pace(boolean counts, long longest) {
        this.counts = counts;
        this.longest = longest;
    }

    /** For what an event announces nearly always: up to {@value #RARE_MILLIS} ms, and it slows nobody else down. */
    public static Pace rare() {
        return new Pace(false, TimeUnit.MILLISECONDS.toNanos(RARE_MILLIS));
    }

    /** The moment of the next look, as {@link Deadline} has it. */
    public long next() {
        long now = delay;
        delay = Math.min(2 * delay, Math.max(longest, LOOKING.get() * NANOS_EACH));
        return Deadline.after(now);
    }

    @Override
    public void close() {
        if (counts) {
            LOOKING.decrementAndGet();
        }
    }
}
