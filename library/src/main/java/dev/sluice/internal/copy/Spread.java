// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Reading;
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
 * Spreads the bytes of one source to many destinations, which come and go while it runs, on one thread.
 *
 * <p>Each round:
 *
 * <pre>
 *   1  who wants to join or leave does
 *   2  every destination that something waits for gets as much as it takes; those that ended leave
 *   3  unless somebody holds the source back: a chunk is taken from it, and handed to all (see {@link Hub})
 *   4  if nothing moved: wait for the source (unless it is held back), for those that something waits for, for the
 *      hang-ups of all, for who joins, and for the deadline
 * </pre>
 *
 * <p>Every latch is cleared in steps 1 and 2, before the kernel is asked, so no edge is lost. A destination can only
 * harm itself, or by its own word hold the source back.
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

    /** Rounds that never wait before a virtual thread lets others run. */
    private static final int ROUNDS_BEFORE_YIELD = 64;

    private static final long MOST = 1 << 20;

    private final OpenDescriptor source;
    private final @Nullable Recent recent;
    private final Consumer<Outlet> changed;
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final List<Outlet> outlets = new ArrayList<>();
    private final List<Outlet> queued = new ArrayList<>();
    private final WaitSet waits = new WaitSet();
    private volatile boolean waitsForDestinations;

    /**
     * @param replay how many of the last bytes are kept for those who join
     * @param changed told, on the spreading thread, whenever a destination begins or ceases to leave out, or ends
     */
    public Spread(OpenDescriptor source, long replay, Consumer<Outlet> changed) {
        this.source = source;
        this.recent = replay > 0 ? new Recent(replay) : null;
        this.changed = changed;
    }

    /** Whether the source is kept waiting when there is no destination; else that ends a run. */
    public void waitForDestinations(boolean wait) {
        waitsForDestinations = wait;
        waits.wake();
    }

    /** A destination joins, from the next chunk on. For any thread. */
    public void add(Outlet outlet, long replay) {
        request(() -> {
            if (recent != null && replay > 0) {
                recent.replay(outlet, replay);
            }
            queued.add(outlet);
        });
    }

    /** A destination leaves. For any thread. */
    public void remove(Outlet outlet) {
        request(() -> {
            outlet.finish(Outlet.End.REMOVED, null);
            if (queued.remove(outlet)) {
                tell(outlet);
            }
        });
    }

    private void tell(Outlet outlet) {
        if (outlet.takeNews()) {
            changed.accept(outlet);
        }
    }

    private void request(Runnable what) {
        requests.add(what);
        waits.wake();
    }

    /** Runs until the end. Holds the source's read side, and every destination's write side, throughout. */
    public End run(Options options, Tally tally) throws IOException {
        Side from = source.readSide();
        options.idle().touch();
        try {
            from.begin();
        } catch (SocketTimeoutException passed) {
            return End.DEADLINE;
        } catch (InterruptedIOException interrupted) {
            return End.INTERRUPTED;
        }
        try (Pace pace = new Pace()) {
            return new Run(from, options, tally, pace).spread();
        } catch (SocketTimeoutException passed) {
            return End.DEADLINE;
        } catch (AsynchronousCloseException closed) {
            return End.CLOSED;
        } finally {
            outlets.forEach(Outlet::release);
            queued.addAll(outlets); // for the next run
            outlets.clear();
            from.end();
        }
    }

    /** One run. */
    private final class Run {
        private final Side from;
        private final Options options;
        private final Tally tally;
        private final Pace pace;
        private final Hub hub;
        private final WayChoice choice;
        private final long deadline;
        private boolean sourceEnded;
        private boolean drained;
        private int rounds;

        Run(Side from, Options options, Tally tally, Pace pace) {
            this.from = from;
            this.options = options;
            this.tally = tally;
            this.pace = pace;
            this.hub = new Hub(from);
            this.choice = new WayChoice(!source.kind().isOnDisk() && Way.splices(source) ? Way.THROUGH_PIPE : Way.BUFFER);
            this.deadline = options.deadline() == 0 ? Deadline.NONE : Deadline.after(options.deadline());
        }

        End spread() throws IOException {
            for (;;) {
                waits.begin();
                from.prepare();
                join();
                for (Outlet outlet : outlets) {
                    outlet.prepare();
                    outlet.push();
                }
                leave();
                if (Thread.currentThread().isInterrupted()) {
                    return End.INTERRUPTED;
                }
                if (Deadline.passed(deadline)) {
                    return End.DEADLINE;
                }
                if (options.idle().passed()) {
                    return End.IDLE_TIMEOUT;
                }
                boolean alone = outlets.isEmpty() && queued.isEmpty();
                if (alone && !waitsForDestinations) {
                    return sourceEnded ? End.END_OF_SOURCE : End.ALL_GONE;
                }
                boolean limited = tally.bytes() >= options.limit();
                if ((sourceEnded || limited) && !isAnyBusy()) {
                    outlets.forEach(outlet -> end(outlet, sourceEnded));
                    return sourceEnded ? End.END_OF_SOURCE : End.LIMIT;
                }
                boolean takes = !sourceEnded && !limited && !outlets.isEmpty() && !isHeldBack();
                if (!takes || !take()) {
                    await(takes);
                }
            }
        }

        private void end(Outlet outlet, boolean atEnd) {
            if (atEnd) {
                outlet.finish(Outlet.End.END_OF_SOURCE, null);
                tell(outlet);
            }
        }

        private void join() {
            for (@Nullable Runnable request = requests.poll(); request != null; request = requests.poll()) {
                request.run();
            }
            for (Outlet outlet : List.copyOf(queued)) {
                if (outlet.begin()) {
                    queued.remove(outlet);
                    outlets.add(outlet);
                }
            }
        }

        private void leave() {
            for (int i = outlets.size() - 1; i >= 0; i--) {
                Outlet outlet = outlets.get(i);
                if (!outlet.isLive()) {
                    outlets.remove(i);
                    outlet.release();
                }
                tell(outlet);
            }
        }

        private boolean isHeldBack() {
            return outlets.stream().anyMatch(Outlet::holdsSource);
        }

        private boolean isAnyBusy() {
            return outlets.stream().anyMatch(Outlet::isBusy);
        }

        /** Takes a chunk: answers whether to go round again, and not to wait. */
        @SuppressWarnings("ThreadPriorityCheck") // as in Transfer
        private boolean take() throws IOException {
            if (drained) {
                drained = false;
                Thread.yield();
            }
            long most = source.readable(from.state(), Math.min(options.limit() - tally.bytes(), MOST));
            if (most == 0) {
                sourceEnded = true;
                return true;
            }
            boolean splice = choice.way() == Way.THROUGH_PIPE;
            long result = splice ? hub.splice(most, outlets, recent) : hub.read(most, outlets, recent);
            if (result > 0) {
                moved(splice, result, most);
                return true;
            }
            if (splice && result == -Errno.EMFILE) {
                tally.refused();
                choice.noPipe();
                return true;
            }
            if (splice && isRefusal(result)) {
                tally.refused();
                choice.refused();
                return true;
            }
            int meaning = result == 0 && Reading.isMessageOfNoBytes(from)
                    ? Reading.AGAIN
                    : Reading.meaning(from, result, splice ? "splice" : "read");
            sourceEnded = meaning == Reading.END;
            return meaning != Reading.WAIT;
        }

        private boolean isRefusal(long result) {
            return switch ((int) -result) {
                case Errno.EINVAL, Errno.ENOSYS, Errno.EPERM, Errno.EOPNOTSUPP -> true;
                default -> false;
            };
        }

        @SuppressWarnings("ThreadPriorityCheck") // as in Transfer
        private void moved(boolean splice, long count, long most) {
            tally.moved(splice, count);
            options.idle().touch();
            if (splice) {
                choice.spliced(count);
            } else {
                choice.copied(count);
                drained = count < Math.min(most, Buffers.SIZE);
            }
            if (++rounds >= ROUNDS_BEFORE_YIELD) {
                rounds = 0;
                if (Thread.currentThread().isVirtual()) {
                    Thread.yield();
                }
            }
        }

        private void await(boolean forSource) throws IOException {
            if (forSource) {
                waits.add(from);
            } else {
                waits.addForClose(from);
            }
            boolean looking = !queued.isEmpty();
            for (Outlet outlet : outlets) {
                if (outlet.isPending()) {
                    waits.addForClose(outlet.side());
                    looking = true;
                } else if (!outlet.isPollable()) {
                    waits.addForClose(outlet.side());
                } else if (outlet.isBusy()) {
                    waits.add(outlet.side());
                } else {
                    waits.addForHangup(outlet.side());
                }
            }
            long until = Deadline.earlier(deadline, options.idle().until());
            waits.await(looking ? Deadline.earlier(until, pace.next()) : until);
        }
    }
}
