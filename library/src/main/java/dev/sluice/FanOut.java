// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Idle;
import dev.sluice.internal.copy.Options;
import dev.sluice.internal.copy.Outlet;
import dev.sluice.internal.copy.PipeGrowth;
import dev.sluice.internal.copy.Spread;
import dev.sluice.internal.copy.Tally;
import dev.sluice.internal.poll.Kind;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies one source to many destinations, which come and go while it runs: by splice(2) and tee(2) where the ends allow
 * that, so that no byte is copied for any of them.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="fan-out" :
 * FanOut fanOut = FanOut.from(output);
 * fanOut.add(log, SlowPolicy.block());
 * FanOut.Destination tap = fanOut.add(viewer, SlowPolicy.skipLines(1 << 20));
 * fanOut.run(); // to the end of the output
 * IO.println(tap.bytes() + " bytes shown, " + tap.skipped() + " left out");
 * }
 *
 * <p>Each destination gets all that is taken from the source from the moment at which it joined, in order, less what
 * its own {@link SlowPolicy} leaves out. What happens to one, its end included, never disturbs the others, unless its
 * policy is to hold the source back.
 *
 * <p>For each destination, always: what it was offered is {@link Destination#bytes} + {@link Destination#skipped} +
 * {@link Destination#waiting}; and nothing waits for one that has ended. What it was offered is all that was taken from
 * the source since it joined, and what was replayed to it.
 *
 * <p>What waits for a destination is bounded: by the bound of its policy, and one chunk beyond that, which is a
 * megabyte where it came by a pipe and 128 KiB where it was read; and what is replayed comes on top. It is in a pipe or
 * in memory, and takes as much as waits.
 *
 * <p>A run holds the source's read side, and each destination's write side as soon as nobody else writes to it: until
 * then what comes waits for it as for a slow one, and so it does for a FIFO that has had no reader yet. Nothing is
 * closed. Pipes at the ends grow, see {@link #pipeCapacity}. Messages are handed on as the bytes that are in them.
 */
public final class FanOut {
    private final Descriptor source;
    private final Spread spread;
    private final Map<Outlet, Destination> destinations = new ConcurrentHashMap<>();
    private volatile Tally tally = new Tally();
    private volatile @Nullable Consumer<Destination> listener;
    private volatile @Nullable Runnable drainListener;
    private long limit = Long.MAX_VALUE;
    private long deadline;
    private long idleTimeout;
    private int pipeSize = PipeGrowth.AUTOMATIC;

    private FanOut(Descriptor source, long replay) {
        this.source = source;
        this.spread = new Spread(source.internal(), replay, this::changed, this::draining);
    }

    /**
     * Names the source.
     *
     * @param source is read, and not closed
     * @return a fan-out without a destination
     */
    public static FanOut from(Descriptor source) {
        return new FanOut(source, 0);
    }

    /**
     * Names the source, and has the last bytes kept for those who join late: see {@link #add(Descriptor, SlowPolicy,
     * long)}. They are kept in memory, so that every byte is read.
     *
     * @param source is read, and not closed
     * @param replay how many bytes are kept
     * @return a fan-out without a destination
     * @throws IllegalArgumentException if the number is negative
     */
    public static FanOut from(Descriptor source, long replay) {
        if (replay < 0) {
            throw new IllegalArgumentException("a replay of " + replay + " bytes");
        }
        return new FanOut(source, replay);
    }

    /** One of a fan-out's destinations. Its methods may be called by any thread. */
    public final class Destination {
        private final Descriptor descriptor;
        private final Outlet outlet;
        private volatile boolean removed;

        private Destination(Descriptor descriptor, Outlet outlet) {
            this.descriptor = descriptor;
            this.outlet = outlet;
        }

        private boolean isOf(Descriptor other) {
            return descriptor.internal() == other.internal() && !removed && outlet.end() == null;
        }

        /** {@return where the bytes go} */
        public Descriptor descriptor() {
            return descriptor;
        }

        /** {@return how many bytes were delivered} */
        public long bytes() {
            return outlet.delivered();
        }

        /** {@return how many bytes wait for it: taken from the source, and not delivered yet} */
        public long waiting() {
            return outlet.waiting();
        }

        /** {@return how many bytes it did not get} They were left out, or waited for it when it ended. */
        public long skipped() {
            return outlet.skipped();
        }

        /** {@return how many times something was left out} */
        public int gaps() {
            return outlet.gaps();
        }

        /** {@return whether what comes is left out at this moment} */
        public boolean isSkipping() {
            return outlet.isSkipping();
        }

        /** {@return why it gets nothing more; null as long as it does} */
        public @Nullable DestinationEnd end() {
            Outlet.@Nullable End end = outlet.end();
            return end == null ? null : DestinationEnd.of(end);
        }

        /** {@return what failed; null unless it ended with {@link DestinationEnd#FAILED}} */
        public @Nullable IOException failure() {
            return outlet.failure();
        }

        /**
         * Leaves the fan-out. What waits for it is not delivered, and counts as skipped. Waits for nothing: the run
         * that is under way lets go of the destination within its round, and {@link #end} tells when it has; if there
         * is no run, the next one does. If it has ended already, nothing happens.
         */
        public void remove() {
            removed = true;
            spread.remove(outlet);
        }
    }

    /**
     * Joins a destination: it gets what is taken from the source from now on. For any thread, before and during a run.
     *
     * @param destination is written, and not closed
     * @param slow what becomes of it if it does not keep up
     * @return tells how it fares
     * @throws java.nio.channels.NonWritableChannelException if it is open for reading only
     * @throws IllegalArgumentException if it is one of the destinations already, or a socket of messages, whose
     *     boundaries would be lost
     */
    public Destination add(Descriptor destination, SlowPolicy slow) {
        return add(destination, slow, 0);
    }

    /**
     * Joins a destination that first gets the last bytes that went by: as many as are kept, see
     * {@link #from(Descriptor, long)}, and no more than asked for.
     *
     * @param destination is written, and not closed
     * @param slow what becomes of it if it does not keep up
     * @param replay bytes at most
     * @return tells how it fares
     * @throws java.nio.channels.NonWritableChannelException if it is open for reading only
     * @throws IllegalArgumentException if the number is negative, if it is one of the destinations already, or a socket
     *     of messages, whose boundaries would be lost
     */
    public synchronized Destination add(Descriptor destination, SlowPolicy slow, long replay) {
        if (replay < 0) {
            throw new IllegalArgumentException("a replay of " + replay + " bytes");
        }
        Outlet outlet = new Outlet(destination.internal(), slow.lag());
        if (destination.internal().kind() == Kind.MESSAGE_SOCKET) {
            throw new IllegalArgumentException(destination + " is a socket of messages");
        }
        if (destinations.values().stream().anyMatch(other -> other.isOf(destination))) {
            throw new IllegalArgumentException(destination + " is a destination already");
        }
        Destination joined = new Destination(destination, outlet);
        destinations.put(outlet, joined);
        spread.add(outlet, replay);
        return joined;
    }

    /**
     * Keeps the source waiting when there is no destination, until one joins. Without this a run ends then.
     *
     * @return this fan-out
     */
    public FanOut waitForDestinations() {
        spread.waitForDestinations(true);
        return this;
    }

    /**
     * Is told when a destination begins or ceases to leave something out, and when it ends. It may add destinations,
     * remove them, and close one that has ended. What it throws ends the run, which throws it.
     *
     * @param told on the thread that runs the fan-out, and so keeps it waiting
     * @return this fan-out
     */
    public FanOut onChange(Consumer<Destination> told) {
        this.listener = told;
        return this;
    }

    /**
     * Is told, at most once a run, when nothing more is taken from the source (its end, the limit, or a failure) and
     * something still waits for a destination, which the run delivers before it ends. To give a destination up that
     * takes too long, {@link Destination#remove} it. What it throws ends the run, which throws it.
     *
     * @param told on the thread that runs the fan-out, and so keeps it waiting
     * @return this fan-out
     */
    public FanOut onDraining(Runnable told) {
        this.drainListener = told;
        return this;
    }

    /**
     * Takes so many bytes at most, per run.
     *
     * @param bytes none or more
     * @return this fan-out
     * @throws IllegalArgumentException if it is negative
     */
    public FanOut limit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes");
        }
        this.limit = bytes;
        return this;
    }

    /**
     * Ends a run after so long, with {@link FanOutResult.End#DEADLINE}.
     *
     * @param fromStart counted from the start of each run
     * @return this fan-out
     * @throws IllegalArgumentException if it is not positive
     */
    public FanOut deadline(Duration fromStart) {
        this.deadline = Copy.positive(fromStart);
        return this;
    }

    /**
     * Ends a run when nothing was taken from the source for so long, with {@link FanOutResult.End#IDLE_TIMEOUT}.
     *
     * @param timeout counted from the last byte, or from the start of the run
     * @return this fan-out
     * @throws IllegalArgumentException if it is not positive
     */
    public FanOut idleTimeout(Duration timeout) {
        this.idleTimeout = Copy.positive(timeout);
        return this;
    }

    /**
     * Sets the capacity of the pipes at the ends when a run starts, and of each destination when it joins, if the
     * kernel allows it. Without this they grow to 1 MiB when the flow shows that it pays.
     *
     * @param bytes which the kernel rounds up
     * @return this fan-out
     * @throws IllegalArgumentException if it is not positive
     */
    public FanOut pipeCapacity(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a pipe of " + bytes + " bytes");
        }
        this.pipeSize = bytes;
        return this;
    }

    /**
     * Leaves the capacity of the pipes at the ends as it is.
     *
     * @return this fan-out
     */
    public FanOut keepPipeCapacity() {
        this.pipeSize = PipeGrowth.KEEP;
        return this;
    }

    /**
     * Copies until something ends it: see {@link FanOutResult.End}. Blocks the calling thread, and no carrier thread.
     *
     * <p>It may be run again, and goes on where it was: what waits for a destination when a run ends is delivered by
     * the next one. For one thread at a time: a second one waits for the first.
     *
     * @return what was taken in this run, and why it ended
     * @throws java.nio.channels.NonReadableChannelException if the source is open for writing only
     * @throws java.nio.channels.ClosedChannelException if the source is closed already
     * @throws java.nio.file.FileSystemException what reading the source failed with, once what had been taken from it
     *     is delivered; the destinations are not ended by that
     */
    public FanOutResult run() throws IOException {
        Tally now = new Tally();
        tally = now;
        Options options = new Options(limit, deadline, new Idle(idleTimeout), pipeSize, false, false, false, false);
        try {
            Spread.End end = spread.run(options, now);
            return new FanOutResult(now.bytes(), now.spliced(), now.copied(), now.refusals(), end(end));
        } finally {
            Reference.reachabilityFence(source);
        }
    }

    /** {@return the bytes taken from the source so far, by the run under way or by the last one} For any thread. */
    public long transferred() {
        return tally.bytes();
    }

    /**
     * {@return how many of them did not pass through user space, for destinations that take them so} For any thread.
     */
    public long spliced() {
        return tally.spliced();
    }

    private void draining() {
        @Nullable Runnable told = drainListener;
        if (told != null) {
            told.run();
        }
    }

    private void changed(Outlet outlet) {
        @Nullable Destination destination = destinations.get(outlet);
        @Nullable Consumer<Destination> told = listener;
        if (outlet.end() != null) {
            destinations.remove(outlet);
        }
        if (destination != null && told != null) {
            told.accept(destination);
        }
    }

    private static FanOutResult.End end(Spread.End end) {
        return switch (end) {
            case END_OF_SOURCE -> FanOutResult.End.END_OF_SOURCE;
            case LIMIT -> FanOutResult.End.LIMIT;
            case ALL_GONE -> FanOutResult.End.DESTINATIONS_GONE;
            case DEADLINE -> FanOutResult.End.DEADLINE;
            case IDLE_TIMEOUT -> FanOutResult.End.IDLE_TIMEOUT;
            case INTERRUPTED -> FanOutResult.End.INTERRUPTED;
            case CLOSED -> FanOutResult.End.CLOSED;
        };
    }
}
