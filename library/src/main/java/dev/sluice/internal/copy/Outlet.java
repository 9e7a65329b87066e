// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Peers;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One destination of a {@link Spread}: what waits for it, and what became of it. Used by the spreading thread alone,
 * but for what it tells of its {@link Account}. What it gets is the matter of its {@link Feed}.
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
    private final Account account;
    private final Feed feed;

    /** Its write side, while it has that. */
    private @Nullable Side to;

    private boolean started;

    /** @throws java.nio.channels.NonWritableChannelException if it cannot be written */
    public Outlet(OpenDescriptor descriptor, Lag lag) {
        descriptor.writeSide();
        this.descriptor = descriptor;
        this.account = new Account(descriptor.name());
        this.feed = new Feed(this, lag, account, Way.splices(descriptor));
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

    Feed feed() {
        return feed;
    }

    boolean isLive() {
        return account.end() == null;
    }

    /** Begins a round: takes the destination if somebody else had it, clears its latch, and looks how it is. */
    void prepare(Side from, int pipeSize) {
        if (!isLive()) {
            return;
        }
        assert feed.addsUp() : account.waiting() + " bytes wait by count";
        try {
            if (to == null && !descriptor.writeSide().tryBegin()) {
                return;
            }
            Side side = descriptor.writeSide();
            to = side;
            side.prepare();
            Peers.connectNow(side);
            if (!started && !descriptor.isPending()) {
                started = true;
                SameFile.refuse(from, side);
                feed.start(side, pipeSize);
            }
        } catch (ClosedChannelException closed) {
            finish(End.CLOSED, null);
        } catch (SocketTimeoutException passed) {
            finish(End.DEADLINE, null);
        } catch (IOException failed) {
            finish(End.FAILED, failed);
        }
        if (isLive() && isReachable() && descriptor.peer().mayHaveHungUp() && Hangups.isGone(side())) {
            finish(End.GONE, null);
        }
    }

    /** Lets go of the destination; what waits stays, in memory. */
    void release() {
        @Nullable Side side = to;
        if (side != null) {
            try {
                feed.settle();
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
            feed.clear();
        }
    }

    // ---- how it is

    /** Only if {@link #isReachable}. */
    Side side() {
        return Objects.requireNonNull(to);
    }

    /** Whether it can be written: not while it is a FIFO that has had no reader yet, or while somebody else writes. */
    boolean isReachable() {
        return to != null && !descriptor.isPending();
    }

    boolean isPollable() {
        return descriptor.isPollable(side().state());
    }

    /** A terminal whose other side has been closed refuses a splice. */
    boolean isHungUpTerminal() {
        return descriptor.kind() == Kind.TERMINAL && Hangups.isGone(side());
    }

    /** Ends it by what a call answered. */
    void failed(String call, long result) {
        int errno = (int) -result;
        boolean gone = Answers.isGone(result) || isHungUpTerminal();
        finish(
                gone ? End.GONE : End.FAILED,
                gone ? null : Failures.of(call, descriptor.name(), errno));
    }
}
