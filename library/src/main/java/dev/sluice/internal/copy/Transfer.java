// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Peers;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes from one descriptor to another until something ends it.
 *
 * <p>Each round tries to move some by the current {@link Way}, and its answer decides:
 *
 * <pre>
 *   moved n > 0                      count them; the amount chooses between splicing and copying; again, but that
 *                                    the source is waited for if it is known to have no more, see ShortRead
 *   refused, nothing moved           the way is not possible here: copy, for good, what is in a pipe first; again
 *   the end of the source            END_OF_SOURCE, once nothing is in transit; a FIFO that is kept: again
 *   the destination's reader gone    DESTINATION_GONE; a FIFO that is kept: see NextReader
 *   nothing for now                  wait for source or destination, watching the destination for a hang-up; again
 *   any other error                  thrown
 * </pre>
 *
 * <p>Before the first of these it may find that there is no pipe to be had for the way between sockets: then this round
 * goes by the buffer. Whatever ends it, what waits in a pipe of the pool is read out first, see {@link Transit#settle}.
 */
public final class Transfer {
    /** Why a transfer ended. */
    public enum End {
        END_OF_SOURCE,
        LIMIT,
        DESTINATION_GONE,
        DEADLINE,
        IDLE_TIMEOUT,
        INTERRUPTED,
        CLOSED
    }

    /** The most that one call is asked for, so that an interrupt, a limit and a progress line are not kept waiting. */
    private static final long MOST = 16 << 20;

    /** So few that new code is in use soon, and so many that the frame they come from does not count. */
    private static final int ROUNDS_AT_ONCE = 16;

    private final Side from;
    private final Side to;
    private final Options options;
    private final Tally tally;
    private final Transit transit;
    private final Answers answers;
    private final Rounds rounds;
    private final LowWaterMark mark;
    private final ShortRead shortRead;
    private final Times times;

    /** @param transit what an earlier transfer left, and where this one leaves what it could not deliver */
    public Transfer(
            OpenDescriptor source, OpenDescriptor destination, Options options, Tally tally, Transit transit) {
        this.from = source.readSide();
        this.to = destination.writeSide();
        this.options = options;
        this.tally = tally;
        this.transit = transit;
        this.answers = new Answers(from, to, transit);
        this.rounds = new Rounds(from, to, transit, tally, options);
        PlainTcp plainTcp = new PlainTcp(from);
        this.mark = new LowWaterMark(from, plainTcp);
        this.shortRead = new ShortRead(from, transit, plainTcp);
        this.times = new Times(options);
    }

    /** Runs until the end. Holds the source's read side and the destination's write side throughout. */
    public End run() throws IOException {
        @Nullable Object event = CopyRecorder.copyBegins();
        @Nullable End end = null;
        try {
            end = runToEnd();
            return end;
        } finally {
            CopyRecorder.copyEnds(event, from, to, tally, end);
        }
    }

    private End runToEnd() throws IOException {
        try (Ends ends = take()) {
            try {
                return pumpOn(ends);
            } finally {
                try {
                    mark.lower();
                } finally {
                    transit.settle(from.state());
                }
            }
        } catch (SocketTimeoutException passed) {
            return times.isIdlePassed() && !times.isDeadlinePassed() ? End.IDLE_TIMEOUT : End.DEADLINE;
        } catch (InterruptedIOException interrupted) {
            return End.INTERRUPTED;
        } catch (AsynchronousCloseException closed) {
            return End.CLOSED;
        }
    }

    private Ends take() throws IOException {
        for (;;) {
            try {
                return Ends.take(from, to, times.until());
            } catch (SocketTimeoutException passed) {
                boolean ours = times.isDeadlinePassed() || times.isIdlePassed();
                if (ours || Deadline.passed(from.deadline()) || Deadline.passed(to.deadline())) {
                    throw passed;
                }
                // Else another transfer has put the idle timeout off.
            }
        }
    }

    /** Goes on with the next peer of an end that is kept. */
    private End pumpOn(Ends ends) throws IOException {
        NextReader next = new NextReader(from, to, transit, answers, times, options.keepSource());
        for (;;) {
            @Nullable End end = pump(ends);
            if (options.keepDestination()) {
                end = next.await(ends, end);
            }
            if (end == End.END_OF_SOURCE && options.keepSource()) {
                Peers.forgetWriters(from);
            } else if (end != null) {
                return end;
            }
        }
    }

    private End pump(Ends ends) throws IOException {
        while (!Peers.connect(to, from, times.until())) {
            if (times.isDeadlinePassed()) {
                return End.DEADLINE;
            }
            if (times.isIdlePassed()) {
                return End.IDLE_TIMEOUT;
            }
        }
        SameFile.refuse(from, to);
        rounds.start();
        @Nullable End end = null;
        while (end == null) {
            end = someRounds(ends);
        }
        return end;
    }

    /**
     * A method of its own, so that each time it is entered in the best code that the JVM has. A frame keeps the code in
     * which it was entered, and {@link #pump}'s is there for as long as the copy: it would be interpreted, which makes
     * each park and each wake-up of a virtual thread dearer, or call the interpreter for what has a newer code since.
     */
    private @Nullable End someRounds(Ends ends) throws IOException {
        for (int i = 0; i < ROUNDS_AT_ONCE; i++) {
            @Nullable End end = cutShort();
            if (end == null) {
                end = round(ends);
            }
            if (end != null) {
                return end;
            }
        }
        return null;
    }

    private @Nullable End cutShort() {
        if (tally.bytes() >= options.limit()) {
            return End.LIMIT;
        }
        if (times.isDeadlinePassed()) {
            return End.DEADLINE;
        }
        if (times.isIdleOver()) {
            return End.IDLE_TIMEOUT;
        }
        return Thread.currentThread().isInterrupted() ? End.INTERRUPTED : null;
    }

    private @Nullable End round(Ends ends) throws IOException {
        long room = options.limit() - tally.bytes();
        ends.prepare();
        Way way = rounds.next();
        long most = from.owner().readable(from.state(), Math.min(room - transit.size(), MOST));
        if (most == 0 && transit.size() == 0) {
            return End.END_OF_SOURCE;
        }
        // Whether it reads in this very round: since a read of before, ends.prepare() has cleared the latch.
        boolean reads = way == Way.BUFFER && transit.size() == 0;
        long result = way.isByTransit() ? transit.move(from, to, most, room) : way.move(from, to, most);
        if (result > 0) {
            ends.moved();
            times.moved();
            rounds.moved(way, result);
            mark.moved(way, result);
            return reads && shortRead.hasLeftNothing() ? await(ends, way, result) : null;
        }
        if (answers.isDestinationGone(way, result)) {
            if (result == -Errno.ECONNRESET) {
                to.owner().peer().noteReset();
            }
            return End.DESTINATION_GONE;
        }
        if (!options.spliceOnly() && answers.isRefusal(way, result, tally.bytes())) {
            rounds.refused(way, result);
            transit.settle(from.state());
            return null;
        }
        return switch (answers.meaning(way, result)) {
            case Reading.END -> End.END_OF_SOURCE;
            case Reading.WAIT -> await(ends, way, result);
            default -> null;
        };
    }

    private @Nullable End await(Ends ends, Way way, long result) throws IOException {
        if (answers.isDestinationHungUp()) {
            return End.DESTINATION_GONE;
        }
        rounds.waits();
        if (transit.size() > 0) {
            mark.lower();
            ends.awaitDestination(times.until());
        } else if (way.isByTransit() || result == 0) {
            long until = times.until();
            mark.adjust(way, options.limit() - tally.bytes(), until);
            ends.awaitSource(until); // nothing spliced, and no EAGAIN: a FIFO that has no writer yet
        } else {
            ends.awaitEither(times.until());
        }
        return times.isIdlePassed() ? End.IDLE_TIMEOUT : null;
    }
}
