// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * What one destination of a {@link Spread} gets: each chunk by one of {@link #stage}, {@link #offer} and {@link
 * #turnDown}.
 *
 * <pre>
 *   nothing waits      it goes by a staging pipe, or is written from memory at once, and what is not taken waits
 *   something waits    {@link Lag} decides: held back, skipped, given up, or put behind the rest in memory
 * </pre>
 *
 * <p>So at most the bound and one chunk wait: a megabyte where it came by pipe, 128 KiB where it was read.
 */
final class Feed {
    private final Outlet outlet;
    private final Lag lag;
    private final Account account;
    private final LineCut lines;
    private final Backlog backlog = new Backlog();
    private PipeGrowth growth = new PipeGrowth(PipeGrowth.KEEP);
    private boolean splices;
    private int refusals;

    /** @param splices whether the destination may take a splice */
    Feed(Outlet outlet, Lag lag, Account account, boolean splices) {
        this.outlet = outlet;
        this.lag = lag;
        this.account = account;
        this.lines = new LineCut(lag.bound());
        this.splices = splices;
    }

    /** To be told before the first try of all, with what is to become of the destination if it is a pipe. */
    void start(Side to, int pipeSize) {
        growth = new PipeGrowth(pipeSize);
        growth.start(to);
    }

    /** How often the kernel has refused to splice to it since this was last asked. */
    int takeRefusals() {
        int had = refusals;
        refusals = 0;
        return had;
    }

    boolean isBusy() {
        return !backlog.isEmpty();
    }

    boolean holdsSource() {
        return lag.policy() == Lag.Policy.HOLD && (isBusy() || !outlet.isReachable());
    }

    /** Compares what is counted with what is there. */
    boolean addsUp() {
        return account.waiting() == backlog.size();
    }

    /** Forgets what waits. */
    void clear() {
        backlog.clear();
    }

    /** Whether the next chunk can go to it by a pipe. */
    boolean takesPipe() {
        return splices && !isBusy() && outlet.isReachable() && !lines.isCutting();
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
            outlet.finish(Outlet.End.DROPPED, null);
        } else {
            account.skip(count);
        }
    }

    /** Gives it a chunk in a pipe of its own: all of it, or the first bytes, and {@link #append} the rest. */
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
        while (!isBusy() && outlet.isLive() && outlet.isReachable() && done < bytes.byteSize()) {
            long written = Attempts.write(outlet.side(), bytes.address() + done, bytes.byteSize() - done);
            if (written > 0) {
                account.deliver(written);
                done += written;
            } else if (written == 0 || written == -Errno.EAGAIN) {
                break;
            } else {
                outlet.failed("write", written);
            }
        }
        if (outlet.isLive() && done < bytes.byteSize()) {
            backlog.append(bytes.asSlice(done));
        }
    }

    /** Moves on what waits, as far as the destination takes it at once. */
    void push() {
        while (outlet.isLive() && isBusy() && outlet.isReachable()) {
            boolean spliced = backlog.isStaged();
            long result = backlog.moveTo(outlet.side());
            if (result > 0) {
                account.deliver(result);
                outlet.side().setBusy(spliced);
                if (spliced) {
                    growth.spliced(outlet.side(), result);
                }
            } else if (result == 0 || result == -Errno.EAGAIN) {
                return;
            } else if (spliced && Answers.isRefusal(result) && !outlet.isHungUpTerminal()) {
                splices = false;
                refusals++;
                CopyRecorder.refused("splice", null, outlet.side(), result);
                settle();
            } else {
                outlet.failed(spliced ? "splice" : "write", result);
            }
        }
    }

    /** What waits is in memory afterwards. */
    void settle() {
        try {
            backlog.settle(outlet.side().state());
        } catch (IOException impossible) {
            outlet.finish(Outlet.End.FAILED, impossible);
        }
    }
}
