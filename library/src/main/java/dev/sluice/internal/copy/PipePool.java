// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pipes that are lent to transfers between sockets, fan-outs and peeks, each for as long as bytes are in it. Those that
 * wait here are empty.
 *
 * <p>Large ones are for transfers that have shown a need of them, and not too many: see {@link LargePipes}. Where the
 * kernel refuses them it goes on with small ones; where it makes no more pipes, or only tiny ones, with none. Either is
 * asked for again later, and not for each transfer.
 *
 * <p>Pipes that are not needed are closed after a few seconds, by a virtual thread that lives as long as any wait here.
 */
public final class PipePool {
    /** How many wait at most. */
    static final int KEPT = 64;

    /** Those that were not needed for this long, or twice as long at most, are closed. */
    static final Duration UNUSED = Duration.ofSeconds(2);

    private static final PipePool SHARED = new PipePool(UNUSED, LargePipes::allowed);

    private final Duration unused;
    private final IdlePipes idleSmall = new IdlePipes();
    private final IdlePipes idleLarge = new IdlePipes();
    private final PipeQuota quota;

    /** Whether the thread that closes those that are not needed lives. */
    private boolean swept;

    PipePool(Duration unused, IntSupplier mostLarge) {
        this.unused = unused;
        this.quota = new PipeQuota(mostLarge);
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
            grow = wantsLarge && pipe == null && quota.reserveLarge();
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

    private @Nullable PooledPipe create(CallState state) {
        synchronized (this) {
            if (!quota.mayCreate()) {
                return null;
            }
        }
        @Nullable PooledPipe pipe = PooledPipe.create(state);
        synchronized (this) {
            if (pipe == null) {
                quota.creationRefused();
            } else {
                quota.created();
            }
        }
        return pipe;
    }

    private synchronized void refused() {
        quota.growthRefused();
    }

    /** A large pipe that waits is better than none, for whoever asked for a small one. */
    private synchronized @Nullable PooledPipe lastResort(boolean reserved) {
        if (reserved) {
            quota.giveBackLarge();
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
                quota.forget(pipe);
            }
        }
        if (!kept) {
            pipe.close(state);
        }
        if (first) {
            startSweeper();
        }
    }

    /** How many wait. */
    synchronized int idle() {
        return idleSmall.size() + idleLarge.size();
    }

    /** How many there are, in use or not. */
    synchronized int open() {
        return quota.open();
    }

    /** How many of them are large. */
    synchronized int large() {
        return quota.large();
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
        boolean left = true;
        try {
            while (left) {
                LockSupport.parkNanos(unused.toNanos());
                left = closeUnused();
            }
        } finally {
            if (left) {
                stopSweeping(); // out of memory, say: whoever gives the next pipe back starts it anew
            }
        }
    }

    /** Answers whether any are left. */
    private boolean closeUnused() {
        List<PooledPipe> closing;
        boolean left;
        synchronized (this) {
            closing = idleLarge.takeUnused();
            closing.addAll(idleSmall.takeUnused());
            closing.forEach(quota::forget);
            left = idle() > 0;
            swept = left;
        }
        CallState state = CallState.acquire();
        closing.forEach(pipe -> pipe.close(state));
        state.release();
        return left;
    }
}
