// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.WaitSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the bytes of one source to many destinations, which come and go while it runs, on one thread: see
 * {@link SpreadRun}. This is what lasts from run to run.
 */
public final class Spread {
    /** Why a run ended. */
    public enum End {
        END_OF_SOURCE,
        LIMIT,
        ALL_GONE,
        DEADLINE,
        IDLE_TIMEOUT,
        INTERRUPTED,
        CLOSED
    }

    private final OpenDescriptor source;
    private final @Nullable Recent recent;
    private final Consumer<Outlet> changed;
    private final Runnable draining;
    private final Queue<Runnable> joining = new ConcurrentLinkedQueue<>();
    private final Queue<Outlet> leaving = new ConcurrentLinkedQueue<>();
    private final WaitSet waits = new WaitSet();
    private volatile boolean waitsForDestinations;

    /** Those that have joined and not ended. For whoever holds the source's read side. */
    private final List<Outlet> outlets = new ArrayList<>();

    /**
     * @param replay how many of the last bytes are kept for those who join
     * @param changed told, on the spreading thread, whenever a destination begins or ceases to leave out, or ends
     * @param draining told there, once a run, when all has been taken and something still waits for a destination
     */
    public Spread(OpenDescriptor source, long replay, Consumer<Outlet> changed, Runnable draining) {
        this.source = source;
        this.recent = replay > 0 ? new Recent(replay) : null;
        this.changed = changed;
        this.draining = draining;
    }

    /** Whether the source is kept waiting when there is no destination; else that ends a run. */
    public void waitForDestinations(boolean wait) {
        waitsForDestinations = wait;
        waits.wake();
    }

    boolean waitsForDestinations() {
        return waitsForDestinations;
    }

    /** A destination joins: it gets each chunk that is taken from now on. For any thread. */
    public void add(Outlet outlet, long replay) {
        joining.add(() -> {
            if (recent != null && replay > 0) {
                recent.replay(outlet, replay);
            }
            outlets.add(outlet);
        });
        waits.wake();
    }

    /** A destination leaves. For any thread. */
    public void remove(Outlet outlet) {
        leaving.add(outlet);
        waits.wake();
    }

    /** Whether somebody is about to join. */
    boolean isAnyJoining() {
        return !joining.isEmpty();
    }

    /** Has those join who want to: also between the taking of a chunk and its handing on, see {@link Intake}. */
    void join() {
        for (@Nullable Runnable one = joining.poll(); one != null; one = joining.poll()) {
            one.run();
        }
    }

    /** Takes those out who want to leave; they may have been about to join. */
    void leave() {
        for (@Nullable Outlet one = leaving.poll(); one != null; one = leaving.poll()) {
            one.finish(Outlet.End.REMOVED, null);
        }
    }

    /** Tells that all has been taken from the source, and something still waits. */
    void tellDraining() {
        draining.run();
    }

    /** Tells of a destination, if there are news. */
    void tell(Outlet outlet) {
        if (outlet.takeNews()) {
            changed.accept(outlet);
        }
    }

    /**
     * Runs until the end. Holds the source's read side throughout, and the write side of every destination that nobody
     * else writes to.
     */
    public End run(Options options, Tally tally) throws IOException {
        Side from = source.readSide();
        long deadline = options.deadline() == 0 ? Deadline.NONE : Deadline.after(options.deadline());
        options.idle().touch();
        try {
            from.begin(null, deadline);
            try (Pace pace = new Pace()) {
                Intake intake = new Intake(from, options.pipeSize(), tally, recent, this::join);
                Standstill standstill = new Standstill(from, waits, pace);
                return new SpreadRun(this, from, options, deadline, tally, standstill, outlets, intake).run();
            } finally {
                letGo();
                from.end();
            }
        } catch (SocketTimeoutException passed) {
            return End.DEADLINE;
        } catch (InterruptedIOException interrupted) {
            return End.INTERRUPTED;
        } catch (AsynchronousCloseException closed) {
            return End.CLOSED;
        }
    }

    private void letGo() {
        @Nullable Error failure = null;
        for (Outlet outlet : outlets) {
            try {
                outlet.release();
            } catch (Error noMemory) {
                failure = noMemory;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
