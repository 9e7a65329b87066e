// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Idle;
import dev.sluice.internal.copy.Options;
import dev.sluice.internal.copy.PipeGrowth;
import dev.sluice.internal.copy.Tally;
import dev.sluice.internal.copy.Transfer;
import dev.sluice.internal.copy.Transit;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;

/**
 * Copies from one descriptor to another, in the kernel where it can: by splice(2), from socket to socket by way of a
 * pipe of its own, by sendfile(2) or by copy_file_range(2), and else by read and write.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="copy" :
 * CopyResult result = Copy.from(source).to(destination).run();
 * if (result.end() == CopyResult.End.DESTINATION_GONE) {
 *     // what was not delivered is still in the source
 * }
 * }
 *
 * <p><b>It never outlives its destination.</b> While it waits for a quiet source it watches the destination, and ends
 * within milliseconds when nobody can read that any more, or when either end is closed in this process, the thread is
 * interrupted, or a deadline passes. That is a result, not an exception.
 *
 * <p>What was not delivered is still in the source, but for what {@link CopyResult#inTransit} counts: bytes that were
 * taken from it and could not be delivered, at most 1 MiB from socket to socket and 128 KiB else. Running the same copy
 * again delivers these first, so nothing is lost.
 *
 * <p>Pipes at the ends grow to 1 MiB when the flow shows that it pays: see {@link #pipeCapacity}. Small amounts are
 * read and written, since each splice fills whole slots of a pipe. From socket to socket a copy holds a pipe only while
 * bytes are in it, so one that waits for its source holds none.
 *
 * <p>Where much flows from a TCP connection, a copy on a virtual thread has the kernel wake it only once 1 MiB has come
 * (SO_RCVLOWAT of socket(7)). What is less than that is fetched after some milliseconds at most, and the flow is
 * then left alone for a while, longer each time: 16 MiB, 32 MiB, and so on up to 1 GiB. The option is 1 again when the
 * copy ends. It is not touched where it was anything else before, nor within a second of an idle timeout or a deadline.
 *
 * <p>A copy is to be run by one thread at a time. While it runs it is the source's reader and the destination's writer.
 */
public final class Copy {
    private final Descriptor source;
    private final Descriptor destination;
    private final Transit transit;
    private volatile Tally tally = new Tally();
    private long limit = Long.MAX_VALUE;
    private long deadline;
    private Idle idle = new Idle(0);
    private boolean isIdleShared;
    private int pipeSize = PipeGrowth.AUTOMATIC;
    private boolean zeroCopy;
    private boolean spliceOnly;
    private boolean keepSource;
    private boolean keepDestination;

    /** @param transit what is to be delivered before anything is read, and where what cannot be delivered is left */
    Copy(Descriptor source, Descriptor destination, Transit transit) {
        this.source = source;
        this.destination = destination;
        this.transit = transit;
    }

    /**
     * Names the source.
     *
     * @param source is read, and not closed, by the copy
     * @return asks for the destination
     */
    public static From from(Descriptor source) {
        return new From(source);
    }

    /** A copy that has a source, and no destination yet. */
    public static final class From {
        private final Descriptor source;

        private From(Descriptor source) {
            this.source = source;
        }

        /**
         * Names the destination.
         *
         * @param destination is written, and not closed, by the copy
         * @return the copy, for settings and then {@link Copy#run}
         */
        public Copy to(Descriptor destination) {
            return new Copy(source, destination, new Transit());
        }
    }

    /**
     * Delivers so many bytes at most, per run. What comes after them stays in the source.
     *
     * @param bytes none or more
     * @return this copy
     * @throws IllegalArgumentException if it is negative
     */
    public Copy limit(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes");
        }
        this.limit = bytes;
        return this;
    }

    /**
     * Ends a run after so long, with {@link CopyResult.End#DEADLINE}.
     *
     * @param fromStart counted from the start of each run
     * @return this copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Copy deadline(Duration fromStart) {
        this.deadline = positive(fromStart);
        return this;
    }

    /**
     * Ends a run when no byte has moved for so long, with {@link CopyResult.End#IDLE_TIMEOUT}.
     *
     * @param timeout counted from the last byte that moved, or from the start of the run
     * @return this copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Copy idleTimeout(Duration timeout) {
        this.idle = new Idle(positive(timeout));
        this.isIdleShared = false;
        return this;
    }

    /**
     * Has the idle timeout of another copy, so that neither is idle as long as the other one is not, and both end by it
     * when one does. For one run of each.
     */
    void shareIdleTimeout(Copy other) {
        this.idle = other.idle;
        this.isIdleShared = true;
        other.isIdleShared = true;
    }

    static long positive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException("not a positive duration: " + duration);
        }
        return Descriptor.nanos(duration);
    }

    /**
     * Sets the capacity of the pipes at the ends when a run starts, if the kernel allows it; they are not grown then.
     *
     * @param bytes which the kernel rounds up
     * @return this copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Copy pipeCapacity(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a pipe of " + bytes + " bytes");
        }
        this.pipeSize = bytes;
        return this;
    }

    /**
     * Leaves the capacity of the pipes at the ends as it is.
     *
     * @return this copy
     */
    public Copy keepPipeCapacity() {
        this.pipeSize = PipeGrowth.KEEP;
        return this;
    }

    /**
     * Lets the pages of a source that is a file go into a destination that is a pipe. Faster, but a later change to the
     * file shows in what the pipe's reader gets: only for files that nobody changes.
     *
     * @return this copy
     */
    public Copy zeroCopyFromFile() {
        this.zeroCopy = true;
        return this;
    }

    /**
     * Never reads and writes, not even small amounts: each byte goes by splice(2), and so is never in this process. If
     * that is killed at any moment, each byte is in the source still or in the destination already. Slower where little
     * comes at a time, above all into a pipe, since each splice fills whole slots.
     *
     * <p>One end must be a pipe or FIFO, and the other one what the kernel splices: not a file that is opened to
     * append, for which a run throws EINVAL; nor a file as the source without {@link #zeroCopyFromFile}.
     *
     * @return this copy
     */
    public Copy spliceOnly() {
        this.spliceOnly = true;
        return this;
    }

    /**
     * Keeps a source that is a FIFO: when its last writer has left, the run goes on with the next one instead of ending
     * with {@link CopyResult.End#END_OF_SOURCE}. It waits for that one as for any other data.
     *
     * @param keep whether to
     * @return this copy
     * @throws IllegalArgumentException if the source is no {@link Fifo}
     */
    public Copy keepSource(boolean keep) {
        requireFifo(source);
        this.keepSource = keep;
        return this;
    }

    /**
     * Keeps a destination that is a FIFO: when its last reader has left, the run waits for the next one instead of
     * ending with {@link CopyResult.End#DESTINATION_GONE}. What waits meanwhile, in the FIFO and in transit, is there
     * for that one; so a run that has come to the end of its source, or to its limit, waits too as long as something
     * does.
     * It ends without another reader when nothing waits and the source ends, and as from any other wait.
     *
     * <p>A reader is found within some 20 ms, and later while hundreds wait for theirs.
     *
     * @param keep whether to
     * @return this copy
     * @throws IllegalArgumentException if the destination is no {@link Fifo}
     */
    public Copy keepDestination(boolean keep) {
        requireFifo(destination);
        this.keepDestination = keep;
        return this;
    }

    private static void requireFifo(Descriptor end) {
        if (!(end instanceof Fifo)) {
            throw new IllegalArgumentException("not a FIFO: " + end);
        }
    }

    /**
     * Copies until something ends it: see {@link CopyResult.End}. Blocks the calling thread, and no carrier thread. It
     * first waits for reads of the source and writes of the destination that are under way; all that ends a copy ends
     * that wait too. Interrupt, deadlines (this copy's and those set on the ends) and a close of either end during the
     * run are results: what was taken and not delivered is counted there, and comes first in the next run.
     *
     * @return what was moved in this run, and why it ended
     * @throws java.nio.channels.NonReadableChannelException if the source is open for writing only
     * @throws java.nio.channels.NonWritableChannelException if the destination is open for reading only
     * @throws UnsupportedOperationException if it is to be {@link #spliceOnly}, and these ends cannot be spliced
     * @throws java.nio.channels.ClosedChannelException if one of them was closed before the run
     * @throws java.nio.file.FileSystemException EINVAL if both are the same file or pipe; ENOSPC, EIO and the like as
     *     they come. {@link #transferred} tells how much was delivered before it.
     */
    public CopyResult run() throws IOException {
        Tally now = new Tally();
        tally = now;
        Idle ofThisRun = isIdleShared ? idle : idle.anew();
        Options options =
                new Options(limit, deadline, ofThisRun, pipeSize, zeroCopy, spliceOnly, keepSource, keepDestination);
        try {
            Transfer.End end =
                    new Transfer(source.internal(), destination.internal(), options, now, transit).run();
            return new CopyResult(
                    now.bytes(), now.spliced(), now.copied(), transit.size(), now.refusals(), end(end));
        } finally {
            Reference.reachabilityFence(source);
            Reference.reachabilityFence(destination);
        }
    }

    private static CopyResult.End end(Transfer.End end) {
        return switch (end) {
            case END_OF_SOURCE -> CopyResult.End.END_OF_SOURCE;
            case LIMIT -> CopyResult.End.LIMIT;
            case DESTINATION_GONE -> CopyResult.End.DESTINATION_GONE;
            case DEADLINE -> CopyResult.End.DEADLINE;
            case IDLE_TIMEOUT -> CopyResult.End.IDLE_TIMEOUT;
            case INTERRUPTED -> CopyResult.End.INTERRUPTED;
            case CLOSED -> CopyResult.End.CLOSED;
        };
    }

    /** {@return the bytes delivered so far, by the run under way or by the last one} For any thread. */
    public long transferred() {
        return tally.bytes();
    }

    /** {@return how many of the {@link #transferred} never passed through user space} For any thread. */
    public long spliced() {
        return tally.spliced();
    }
}
