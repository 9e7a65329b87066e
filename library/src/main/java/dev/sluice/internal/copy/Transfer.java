// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;

/**
 * Moves bytes from one descriptor to another until something ends it.
 *
 * <p>Each round tries to move some by the current {@link Way}, and its answer decides:
 *
 * <pre>
 *   moved n > 0                      count them; the amount chooses between splicing and copying; again
 *   refused, nothing moved           the way is not possible here: copy, for good; again
 *   the end of the source            END_OF_SOURCE, once nothing is in transit
 *   the destination's reader gone    DESTINATION_GONE
 *   nothing for now                  wait for source or destination, watching the destination for a hang-up; again
 *   any other error                  thrown
 * </pre>
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

    /** Rounds that never wait before a virtual thread lets others run. */
    private static final int ROUNDS_BEFORE_YIELD = 64;

    /** The most that one call is asked for, so that an interrupt, a limit and a progress line are not kept waiting. */
    private static final long MOST = 16 << 20;

    private final Side from;
    private final Side to;
    private final Options options;
    private final Tally tally;
    private final Transit transit;
    private final Answers answers;
    private final WayChoice choice;
    private final PipeGrowth growth;
    private final long deadline;
    private long idleUntil = Deadline.NONE;
    private int rounds;

    /**
     * Whether the last round took all that the source had, and it was little: then those who write there are let run
     * once before they are asked for more. On a busy machine that turns many rounds of a byte each into few of many,
     * and as long as no round is empty the pipe is never polled, which would make every write into it dearer (the
     * kernel's {@code poll_usage}).
     */
    private boolean drained;

    /** @param transit what an earlier transfer left, and where this one leaves what it could not deliver */
    public Transfer(
            OpenDescriptor source, OpenDescriptor destination, Options options, Tally tally, Transit transit) {
        this.from = source.readSide();
        this.to = destination.writeSide();
        this.options = options;
        this.tally = tally;
        this.transit = transit;
        this.answers = new Answers(from, to, transit);
        this.choice = new WayChoice(Way.between(source, destination, options.zeroCopy()));
        this.growth = new PipeGrowth(options.pipeSize());
        this.deadline = options.deadline() == 0 ? Deadline.NONE : Deadline.after(options.deadline());
    }

    /** Runs until the end. Holds the source's read side and the destination's write side throughout. */
    public End run() throws IOException {
        touch();
        try (Ends ends = Ends.take(from, to, Deadline.earlier(deadline, idleUntil))) {
            return pump(ends);
        } catch (SocketTimeoutException passed) {
            return Deadline.passed(idleUntil) && !Deadline.passed(deadline) ? End.IDLE_TIMEOUT : End.DEADLINE;
        } catch (InterruptedIOException interrupted) {
            return End.INTERRUPTED;
        } catch (AsynchronousCloseException closed) {
            return End.CLOSED;
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // see drained
    private End pump(Ends ends) throws IOException {
        while (!to.owner().connect(to, from, Deadline.earlier(deadline, idleUntil))) {
            if (Deadline.passed(deadline)) {
                return End.DEADLINE;
            }
            if (Deadline.passed(idleUntil)) {
                return End.IDLE_TIMEOUT;
            }
        }
        refuseSameFile();
        growth.start(from, to);
        for (;;) {
            long room = options.limit() - tally.bytes();
            if (room <= 0) {
                return End.LIMIT;
            }
            if (Deadline.passed(deadline)) {
                return End.DEADLINE;
            }
            if (Thread.currentThread().isInterrupted()) {
                return End.INTERRUPTED;
            }
            ends.prepare();
            if (drained) {
                drained = false;
                Thread.yield();
            }
            Way way = choice.way();
            boolean buffered = way == Way.BUFFER || transit.size() > 0;
            long most = from.owner().readable(from.state(), Math.min(room - transit.size(), MOST));
            if (most == 0 && transit.size() == 0) {
                return End.END_OF_SOURCE;
            }
            long result = buffered ? transit.move(from, to, most, room) : way.move(from, to, most);
            if (result > 0) {
                ends.moved();
                if (!buffered) {
                    from.owner().noteRead(result);
                }
                moved(way, buffered, result);
            } else if (answers.isDestinationGone(buffered, result)) {
                return End.DESTINATION_GONE;
            } else if (!buffered && answers.isRefusal(way, result, tally.bytes())) {
                tally.refused();
                choice.refused();
            } else {
                int meaning = answers.meaning(way, buffered, result);
                if (meaning == Reading.END) {
                    return End.END_OF_SOURCE;
                }
                if (meaning == Reading.WAIT) {
                    if (answers.isDestinationHungUp()) {
                        return End.DESTINATION_GONE;
                    }
                    await(ends, buffered, result);
                    if (Deadline.passed(idleUntil)) {
                        return End.IDLE_TIMEOUT;
                    }
                }
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a copy that never waits must not keep its carrier
    private void moved(Way way, boolean buffered, long count) {
        tally.moved(!buffered, count);
        drained = buffered && transit.isDrained();
        touch();
        if (!buffered && way == Way.SPLICE) {
            growth.spliced(from, to, count);
            choice.spliced(count);
        } else if (buffered && transit.size() == 0) {
            choice.copied(transit.lastRead());
        }
        if (++rounds >= ROUNDS_BEFORE_YIELD) {
            rounds = 0;
            if (Thread.currentThread().isVirtual()) {
                Thread.yield();
            }
        }
    }

    private void touch() {
        if (options.idleTimeout() != 0) {
            idleUntil = Deadline.after(options.idleTimeout());
        }
    }

    private void await(Ends ends, boolean buffered, long result) throws IOException {
        long until = Deadline.earlier(deadline, idleUntil);
        if (transit.size() > 0) {
            ends.awaitDestination(until);
        } else if (buffered || result == 0) {
            ends.awaitSource(until); // nothing spliced, and no EAGAIN: a FIFO that has no writer yet
        } else {
            ends.awaitEither(until);
        }
    }

    private void refuseSameFile() throws IOException {
        Kind kind = from.owner().kind();
        if (kind != to.owner().kind() || (kind != Kind.FILE && kind != Kind.PIPE)) {
            return;
        }
        FileStatus one = FileStatus.of(from.state(), from.owner().number());
        FileStatus other = FileStatus.of(to.state(), to.owner().number());
        if (one.inode() == other.inode() && one.device() == other.device()) {
            throw Failures.of("copy", from.owner().name(), Errno.EINVAL, "source and destination are the same");
        }
    }
}
