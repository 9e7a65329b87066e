// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of the bytes that one destination was offered. Written by one thread, and read by any.
 *
 * <p>Invariant: {@code offered = delivered + skipped + waiting}. So nothing need count what waits, and no sum is ever
 * wrong. It is read in the order in which bytes move, backwards, so that nobody sees less than nothing wait.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class Account {
    private final String name;
    private volatile long offered;
    private volatile long delivered;
    private volatile long skipped;
    private volatile int gaps;
    private volatile boolean skipping;
    private volatile Outlet.@Nullable End end;
    private volatile @Nullable IOException failure;
    private boolean news;

    /** What is recorded of the gap under way: see {@link CopyRecorder}. */
    private @Nullable Object gap;

    private long skippedBefore;

    /** @param name of the destination */
    Account(String name) {
        this.name = name;
    }

    long delivered() {
        return delivered;
    }

    long skipped() {
        return skipped;
    }

    long waiting() {
        long done = delivered;
        done += skipped;
        return offered - done;
    }

    int gaps() {
        return gaps;
    }

    boolean isSkipping() {
        return skipping && end == null;
    }

    Outlet.@Nullable End end() {
        return end;
    }

    @Nullable IOException failure() {
        return failure;
    }

    void offer(long count) {
        offered += count;
    }

    void deliver(long count) {
        delivered += count;
    }

    /** Leaves out so many bytes of those that were offered. */
    void skip(long count) {
        if (count > 0 && end == null) {
            boolean first = !skipping;
            if (first) {
                gap = CopyRecorder.gapBegins();
                skippedBefore = skipped;
            }
            skipped += count;
            if (first) {
                skipping = true;
                gaps++;
                news = true;
            }
        }
    }

    /** Leaves out no more. */
    void resume() {
        news |= skipping;
        skipping = false;
        endGap();
    }

    private void endGap() {
        if (gap != null) {
            CopyRecorder.gapEnds(gap, name, skipped - skippedBefore);
            gap = null;
        }
    }

    /** What waits will never be delivered. */
    void finish(Outlet.End reason, @Nullable IOException cause) {
        endGap();
        skipped += waiting();
        failure = cause;
        end = reason;
        news = true;
        CopyRecorder.destinationEnded(name, this);
    }

    /** Whether it has begun or ceased to leave out, or has ended, since this was last asked. */
    boolean takeNews() {
        boolean had = news;
        news = false;
        return had;
    }
}
