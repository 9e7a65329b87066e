// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One destination of a {@link Spread}: what waits for it, and what became of it. Used by the spreading thread alone,
 * but for what it tells of its {@link Account}.
 *
 * <p>What becomes of the next chunk:
 *
 * <pre>
 *   nothing waits      it goes by a staging pipe, or is written from memory at once, and what is not taken waits
 *   something waits    {@link Lag} decides: held back, skipped, given up, or put behind the rest in memory
 * </pre>
 *
 * <p>So at most the bound and one chunk wait: a megabyte where it came by pipe, 128 KiB where it was read.
 */
public final class Outlet {
    /** Why it gets nothing more. */
    public enum End {
        /** It got all there was. */
        END_OF_SOURCE,
        /** Its reader has gone. */
        GONE,
        /** More waited for it than it was allowed. */
        DROPPED,
        /** It was taken out. */
        REMOVED,
        /** It was closed in this process. */
        CLOSED,
        /** The deadline of its writes passed. */
        DEADLINE,
        /** A write failed: {@link #failure}. */
        FAILED
    }

    private final OpenDescriptor descriptor;
    private final Lag lag;
    private final LineCut lines;
    private final Account account = new Account();
    private final Backlog backlog = new Backlog();
    private PipeGrowth growth = new PipeGrowth(PipeGrowth.KEEP);

    /** Its write side, while it has that. */
    private @Nullable Side to;

    private boolean compared;
    private boolean splices;
    private int refusals;

    /** @throws java.nio.channels.NonWritableChannelException if it cannot be written */
    public Outlet(OpenDescriptor descriptor, Lag lag) {
        descriptor.writeSide();
        this.descriptor = descriptor;
        this.lag = lag;
        this.lines = new LineCut(lag.bound());
        this.splices = Way.splices(descriptor);
    }

    // ---- told to others

    public long delivered() {
        return account.delivered();
    }

    /** Bytes that it did not get: left out, or still waiting when it ended. */
    public long skipped() {
        return account.skipped();
    }

    /** Bytes that it has been given and that it has not taken yet. */
    public long waiting() {
        return account.waiting();
    }

    /** How many times something was left out. */
    public int gaps() {
        return account.gaps();
    }

    /** Whether what comes is left out at the moment. */
    public boolean isSkipping() {
        return account.isSkipping();
    }

    /** Why it gets nothing more; null as long as it does. */
    public @Nullable End end() {
        return account.end();
    }

    public @Nullable IOException failure() {
        return account.failure();
    }

    // ---- its life, for the spreading thread

    boolean takeNews() {
        return account.takeNews();
    }

    /** How often the kernel has refused to splice to it since this was last asked. */
    int takeRefusals() {
        int had = refusals;
        refusals = 0;
        return had;
    }

    boolean isLive() {
        return account.end() == null;
    }

    /** Begins a round: takes the destination if somebody else had it, clears its latch, and looks how it is. */
    void prepare(Side from, int pipeSize) {
        if (!isLive()) {
            return;
        }
        assert account.waiting() == backlog.size() : account.waiting() + " wait by count, and are " + backlog.size();
        try {
            if (to == null && !descriptor.writeSide().tryBegin()) {
                return;
            }
            Side side = descriptor.writeSide();
            to = side;
            side.prepare();
            descriptor.connectNow(side);
            if (!compared && !descriptor.isPending()) {
                compared = true;
                SameFile.refuse(from, side);
                growth = new PipeGrowth(pipeSize);
                growth.start(side);
            }
        } catch (ClosedChannelException closed) {
            finish(End.CLOSED, null);
        } catch (SocketTimeoutException passed) {
            finish(End.DEADLINE, null);
        } catch (IOException failed) {
            finish(End.FAILED, failed);
        }
        if (isLive() && isReachable() && descriptor.mayHaveHungUp() && isHungUp()) {
            finish(End.GONE, null);
        }
    }

    /** Lets go of the destination; what waits stays, in memory. */
    void release() {
        @Nullable Side side = to;
        if (side != null) {
            try {
                settle();
            } finally {
                to = null;
                side.end();
            }
        }
    }

    /** Ends it, unless it has: what waits is not delivered, and so counts as skipped. */
    void finish(End reason, @Nullable IOException cause) {
        if (isLive()) {
            account.finish(reason, cause);
            backlog.clear();
        }
    }

    // ---- how it is

    /** Only if {@link #isReachable}. */
    Side side() {
        return Objects.requireNonNull(to);
    }

    boolean isBusy() {
        return !backlog.isEmpty();
    }

    boolean holdsSource() {
        return lag.policy() == Lag.Policy.HOLD && (isBusy() || !isReachable());
    }

    /** Whether it can be written: not while it is a FIFO that has had no reader yet, or while somebody else writes. */
    boolean isReachable() {
        return to != null && !descriptor.isPending();
    }

    boolean isPollable() {
        return descriptor.isPollable(side().state());
    }

    private boolean isHungUp() {
        return Hangups.now(side().state(), descriptor).compareTo(Hangups.State.CLOSED) >= 0;
    }

    // ---- what it gets: each chunk by one of stage, offer and turnDown

    /** Whether the next chunk can go to it by a pipe. */
    boolean takesPipe() {
        return splices && !isBusy() && isReachable() && !lines.isCutting();
    }

    /** Whether it has no room for a chunk of so many bytes, whatever is in it. */
    boolean turnsDown(long count) {
        return switch (lag.policy()) {
            case SKIP, DROP -> !hasRoom(count);
            case HOLD, SKIP_LINES -> false;
        };
    }

    private boolean hasRoom(long count) {
        return !isBusy() || backlog.size() + count <= lag.bound();
    }

    void turnDown(long count) {
        account.offer(count);
        if (lag.policy() == Lag.Policy.DROP) {
            finish(End.DROPPED, null);
        } else {
            account.skip(count);
        }
    }

    /** Gives it the first bytes of a chunk in a pipe of its own: all of them, or the rest follows by {@link #append}. */
    void stage(PooledPipe chunk) {
        account.offer(chunk.held());
        account.resume();
        lines.passed();
        backlog.stage(chunk);
    }

    /** Gives it bytes behind all others, whatever waits. It copies them. */
    void append(MemorySegment bytes) {
        account.offer(bytes.byteSize());
        backlog.append(bytes);
    }

    /** Gives it a chunk in memory, which it copies if it keeps it. */
    void offer(MemorySegment chunk) {
        long count = chunk.byteSize();
        if (turnsDown(count)) {
            turnDown(count);
            return;
        }
        account.offer(count);
        MemorySegment taken = chunk;
        if (lag.policy() == Lag.Policy.SKIP_LINES) {
            taken = lines.cut(chunk, hasRoom(count));
        }
        if (taken.byteSize() == 0) {
            account.skip(count);
            return;
        }
        long before = taken.address() - chunk.address();
        account.skip(before); // up to the line with which it goes on
        account.resume();
        write(taken);
        account.skip(count - before - taken.byteSize());
    }

    private void write(MemorySegment bytes) {
        long done = 0;
        while (!isBusy() && isLive() && isReachable() && done < bytes.byteSize()) {
            long written = Attempts.write(side(), bytes.address() + done, bytes.byteSize() - done);
            if (written > 0) {
                account.deliver(written);
                done += written;
            } else if (written == 0 || written == -Errno.EAGAIN) {
                break;
            } else {
                failed("write", written);
            }
        }
        if (isLive() && done < bytes.byteSize()) {
            backlog.append(bytes.asSlice(done));
        }
    }

    /** Moves on what waits, as far as the destination takes it at once. */
    void push() {
        while (isLive() && isBusy() && isReachable()) {
            boolean spliced = backlog.isStaged();
            long result = backlog.moveTo(side());
            if (result > 0) {
                account.deliver(result);
                if (spliced) {
                    growth.spliced(side(), result);
                }
            } else if (result == 0 || result == -Errno.EAGAIN) {
                return;
            } else if (spliced && isRefusal(result)) {
                splices = false;
                refusals++;
                settle();
            } else {
                failed(spliced ? "splice" : "write", result);
            }
        }
    }

    private void settle() {
        try {
            backlog.settle(side().state());
        } catch (IOException impossible) {
            finish(End.FAILED, impossible);
        }
    }

    private boolean isRefusal(long result) {
        return Answers.isRefusal(result) && (descriptor.kind() != Kind.TERMINAL || !isHungUp());
    }

    private void failed(String call, long result) {
        int errno = (int) -result;
        boolean gone = errno == Errno.EPIPE
                || errno == Errno.ECONNRESET
                || (descriptor.kind() == Kind.TERMINAL && isHungUp());
        finish(
                gone ? End.GONE : End.FAILED,
                gone ? null : Failures.of(call, descriptor.name(), errno));
    }
}
