// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.poll.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Pipes that are lent to transfers between sockets, each for as long as bytes are in it. Those that wait here are
 * empty.
 *
 * <p>Large ones are for transfers that have shown a need of them, and few, since each takes 256 of the 16,384 pages
 * that an unprivileged user's pipes may have ({@code pipe-user-pages-soft}, see pipe(7)). Where the kernel refuses them
 * it goes on with small ones; where it makes no more pipes, or only tiny ones, with none. Either is asked for again
 * later, and not for each transfer.
 *
 * <p>Pipes that are not needed are closed after a few seconds, by a virtual thread that lives as long as any wait here.
 */
public final class PipePool {
    /** How many wait at most. */
    static final int KEPT = 64;

    /** How many are large at most, in use or not: half of a user's pages. */
    static final int LARGE = 32;

    /** Those that were not needed for this long, or twice as long at most, are closed. */
    static final Duration UNUSED = Duration.ofSeconds(2);

    /** After the kernel has refused to make a pipe larger it is not asked for so long. */
    private static final long REFUSED_NANOS = Duration.ofSeconds(10).toNanos();

    /** After the kernel has made no useful pipe it is not asked for so long. */
    private static final long NONE_NANOS = Duration.ofSeconds(1).toNanos();

    private static final PipePool SHARED = new PipePool(UNUSED);

    private final Duration unused;
    private final IdlePipes idleSmall = new IdlePipes();
    private final IdlePipes idleLarge = new IdlePipes();
    private int open;
    private int large;
    private long growAgain = Deadline.NONE;
    private long createAgain = Deadline.NONE;
    private boolean swept;

    PipePool(Duration unused) {
        this.unused = unused;
    }

    static PipePool shared() {
        return SHARED;
    }

    /** An empty pipe, to be given back; null if there is none and none can be made. */
    @Nullable PooledPipe acquire(CallState state, boolean wantsLarge) {
        @Nullable PooledPipe pipe;
        boolean grow;
        synchronized (this) {
            pipe = wantsLarge ? idleLarge.pop() : null;
            grow = wantsLarge && pipe == null && mayGrow();
            if (grow) {
                large++;
            }
            if (pipe == null) {
                pipe = idleSmall.pop();
            }
        }
        if (pipe == null) {
            pipe = create(state);
        }
        if (pipe == null) {
            return lastResort(grow);
        }
        if (grow && !pipe.grow(state)) {
            refused();
        }
        return pipe;
    }

    private boolean mayGrow() {
        return large < LARGE && isTime(growAgain);
    }

    private static boolean isTime(long moment) {
        return moment == Deadline.NONE || Deadline.passed(moment);
    }

    private @Nullable PooledPipe create(CallState state) {
        synchronized (this) {
            if (!isTime(createAgain)) {
                return null;
            }
        }
        @Nullable PooledPipe pipe = PooledPipe.create(state);
        synchronized (this) {
            if (pipe == null) {
                createAgain = Deadline.after(NONE_NANOS);
            } else {
                open++;
            }
        }
        return pipe;
    }

    private synchronized void refused() {
        large--;
        growAgain = Deadline.after(REFUSED_NANOS);
    }

    private synchronized @Nullable PooledPipe lastResort(boolean counted) {
        if (counted) {
            large--;
        }
        return idleLarge.pop();
    }

    /** Takes a pipe back. One that is not empty is closed: what is in it must never reach another transfer. */
    void release(CallState state, PooledPipe pipe) {
        boolean kept;
        boolean first = false;
        synchronized (this) {
            kept = pipe.held() == 0 && idle() < KEPT;
            if (kept) {
                (pipe.isLarge() ? idleLarge : idleSmall).push(pipe);
                first = !swept;
                swept = true;
            } else {
                forget(pipe);
            }
        }
        if (!kept) {
            pipe.close(state);
        }
        if (first) {
            startSweeper();
        }
    }

    private void forget(PooledPipe pipe) {
        open--;
        if (pipe.isLarge()) {
            large--;
        }
    }

    /** How many wait. */
    synchronized int idle() {
        return idleSmall.size() + idleLarge.size();
    }

    /** How many there are, in use or not. */
    synchronized int open() {
        return open;
    }

    /** How many of them are large. */
    synchronized int large() {
        return large;
    }

    /** How many pipes there are between sockets, in use or not, for tests. */
    public static int openNow() {
        return SHARED.open();
    }

    /** How many of them are in use, for tests. */
    public static int usedNow() {
        synchronized (SHARED) {
            return SHARED.open() - SHARED.idle();
        }
    }

    private void startSweeper() {
        boolean started = false;
        try {
            Thread.ofVirtual()
                    .name("sluice-pipes")
                    .inheritInheritableThreadLocals(false) // the first user's are not to be kept
                    .start(this::sweep);
            started = true;
        } finally {
            if (!started) {
                stopSweeping();
            }
        }
    }

    private synchronized void stopSweeping() {
        swept = false;
    }

    private void sweep() {
        do {
            LockSupport.parkNanos(unused.toNanos());
        } while (closeUnused());
    }

    /** Answers whether any are left. */
    private boolean closeUnused() {
        List<PooledPipe> closing;
        boolean left;
        synchronized (this) {
            closing = idleLarge.takeUnused();
            closing.addAll(idleSmall.takeUnused());
            closing.forEach(this::forget);
            left = idle() > 0;
            swept = left;
        }
        CallState state = CallState.acquire();
        closing.forEach(pipe -> pipe.close(state));
        state.release();
        return left;
    }
}
