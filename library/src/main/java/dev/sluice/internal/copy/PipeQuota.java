// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * How many pipes there are between sockets, how many of them may be large, and when the kernel is asked again after it
 * has refused: not for each transfer. Guarded by the pool that it belongs to.
 */
final class PipeQuota {
    /** After the kernel has refused to make a pipe larger it is not asked for so long. */
    private static final long REFUSED_NANOS = Duration.ofSeconds(10).toNanos();

    /** After the kernel has made no useful pipe it is not asked for so long. */
    private static final long NONE_NANOS = Duration.ofSeconds(1).toNanos();

    private final IntSupplier mostLarge;
    private int open;
    private int large;
    private int allowed;
    private long growAgain = Deadline.NONE;
    private long createAgain = Deadline.NONE;

    /** @param mostLarge how many may be large, in use or not; asked for once, when the first one is wanted */
    PipeQuota(IntSupplier mostLarge) {
        this.mostLarge = mostLarge;
    }

    int open() {
        return open;
    }

    int large() {
        return large;
    }

    /** Counts one more as large, before the kernel is asked: answers whether there may be one. */
    boolean reserveLarge() {
        if (allowed == 0) {
            allowed = mostLarge.getAsInt();
        }
        boolean may = large < allowed && isTime(growAgain);
        if (may) {
            large++;
        }
        return may;
    }

    /** Takes a {@link #reserveLarge} back that came to nothing. */
    void giveBackLarge() {
        large--;
    }

    /** The same, since the kernel has refused to make that pipe larger. */
    void growthRefused() {
        large--;
        growAgain = Deadline.after(REFUSED_NANOS);
    }

    boolean mayCreate() {
        return isTime(createAgain);
    }

    void created() {
        open++;
    }

    void creationRefused() {
        createAgain = Deadline.after(NONE_NANOS);
    }

    /** To be told of a pipe that is about to be closed. */
    void forget(PooledPipe pipe) {
        open--;
        if (pipe.isLarge()) {
            large--;
        }
    }

    private static boolean isTime(long moment) {
        return moment == Deadline.NONE || Deadline.passed(moment);
    }
}
