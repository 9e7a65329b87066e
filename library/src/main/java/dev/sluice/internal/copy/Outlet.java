// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Offload;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One destination of a {@link Spread}: what waits for it, and what became of it. Used by the spreading thread alone,
 * but for what {@link #delivered}, {@link #skipped}, {@link #gaps} and {@link #end} tell.
 *
 * <p>What waits is a staging pipe first, and then memory:
 *
 * <pre>
 *   staging   memory   the next chunk
 *   none      none     by a staging pipe, or written from memory at once, and what is not taken waits
 *   some      any      {@link Lag} decides: held back, skipped, given up, or put behind the rest in memory
 *   none      some     likewise
 * </pre>
 *
 * <p>So at most the bound and one chunk wait: a megabyte where it came by pipe, 128 KiB where it was read.
 *
 * <p>Invariant: from its joining to its end, what was offered to it is what was delivered, skipped and waits.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
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
    private final Lines lines = new Lines();
    private final Backlog memory = new Backlog();
    private @Nullable PooledPipe staging;
    private @Nullable Side to;
    private boolean splices;
    private volatile boolean skipping;
    private boolean news;
    private volatile long delivered;
    private volatile long skipped;
    private volatile int gaps;
    private volatile @Nullable End end;
    private volatile @Nullable IOException failure;

    public Outlet(OpenDescriptor descriptor, Lag lag) {
        this.descriptor = descriptor;
        this.lag = lag;
        this.splices = Way.splices(descriptor);
        descriptor.writeSide(); // or it cannot be written
    }

    // ---- told to others

    public long delivered() {
        return delivered;
    }

    /** Bytes that it did not get: left out, or still waiting when it ended. */
    public long skipped() {
        return skipped;
    }

    /** How many times something was left out. */
    public int gaps() {
        return gaps;
    }

    /** Whether what comes is left out at the moment. */
    public boolean isSkipping() {
        return skipping && isLive();
    }

    /** Why it gets nothing more; null as long as it does. */
    public @Nullable End end() {
        return end;
    }

    public @Nullable IOException failure() {
        return failure;
    }

    // ---- the spreading thread's

    /** Takes the destination, unless somebody else writes to it: answers whether it has it. */
    boolean begin() {
        Side side = descriptor.writeSide();
        try {
            if (!side.tryBegin()) {
                return false;
            }
            to = side;
        } catch (ClosedChannelException closed) {
            finish(End.CLOSED, null);
        } catch (IOException failed) {
            finish(End.FAILED, failed);
        }
        return true;
    }

    /** Lets go of the destination; what waits stays, in memory. */
    void release() {
        @Nullable Side side = to;
        if (side != null) {
            settle(side.state());
            to = null;
            side.end();
        }
    }

    /** Whether it has begun or ceased to leave out, or has ended, since this was last asked. */
    boolean takeNews() {
        boolean had = news;
        news = false;
        return had;
    }

    boolean isLive() {
        return end == null;
    }

    Side side() {
        return Objects.requireNonNull(to);
    }

    long waiting() {
        @Nullable PooledPipe pipe = staging;
        return memory.size() + (pipe == null ? 0 : pipe.held());
    }

    boolean isBusy() {
        return waiting() > 0;
    }

    boolean holdsSource() {
        return lag.policy() == Lag.Policy.HOLD && (isBusy() || isPending());
    }

    /** Whether it is a FIFO that has had no reader yet. */
    boolean isPending() {
        return descriptor.isPending();
    }

    boolean isPollable() {
        return descriptor.isPollable(side().state());
    }

    /** Whether a chunk can go to it by a pipe; else it is {@link #offer}ed in memory, or {@link #skip}ped. */
    boolean takesPipe() {
        return splices && !isBusy() && !isPending() && !skipping;
    }

    /** Whether a chunk of so many bytes is left out whatever is in it. */
    boolean leavesOut(long count) {
        return lag.policy() == Lag.Policy.SKIP && isBusy() && waiting() + count > lag.bound();
    }

    /** Whether a failure of its own has ended it since; clears its latch. */
    void prepare() {
        try {
            side().prepare();
            if (isPending()) {
                descriptor.connectNow(side());
            }
        } catch (AsynchronousCloseException closed) {
            finish(End.CLOSED, null);
        } catch (SocketTimeoutException passed) {
            finish(End.DEADLINE, null);
        } catch (IOException failed) {
            finish(End.FAILED, failed);
        }
        if (isLive() && descriptor.mayHaveHungUp() && isHungUp()) {
            finish(End.GONE, null);
        }
    }

    private boolean isHungUp() {
        return Hangups.now(side().state(), descriptor).compareTo(Hangups.State.CLOSED) >= 0;
    }

    /** Gives it a chunk in a pipe of its own; only if it {@link #takesPipe}. */
    void stage(PooledPipe chunk) {
        staging = chunk;
    }

    /** Gives it a chunk in memory, which it copies if it keeps it. */
    void offer(MemorySegment chunk) {
        long count = chunk.byteSize();
        boolean fits = !isBusy() || waiting() + count <= lag.bound();
        switch (lag.policy()) {
            case HOLD -> accept(chunk);
            case DROP -> {
                if (fits) {
                    accept(chunk);
                } else {
                    skipped += count;
                    finish(End.DROPPED, null);
                }
            }
            case SKIP -> {
                if (fits) {
                    resume();
                    accept(chunk);
                } else {
                    skip(count);
                }
            }
            case SKIP_LINES -> offerLines(chunk, fits);
        }
    }

    private void offerLines(MemorySegment chunk, boolean fits) {
        long count = chunk.byteSize();
        if (fits && !skipping) {
            accept(chunk);
        } else if (fits) {
            long first = lines.nextLine(chunk);
            skip(first);
            if (first < count) {
                resume();
                accept(chunk.asSlice(first));
            }
        } else {
            // A line that is longer than the bound is cut.
            long rest = skipping || waiting() > lag.bound() ? 0 : Lines.endOfLine(chunk);
            accept(chunk.asSlice(0, rest));
            skip(count - rest);
        }
        lines.seen(chunk);
    }

    /** Leaves so many bytes out. */
    void skip(long count) {
        if (count > 0) {
            skipped += count;
            if (!skipping) {
                skipping = true;
                news = true;
                gaps++;
            }
        }
    }

    private void resume() {
        news |= skipping;
        skipping = false;
    }

    private void accept(MemorySegment chunk) {
        long done = 0;
        while (!isBusy() && !isPending() && isLive() && done < chunk.byteSize()) {
            long written = Attempts.write(side(), chunk.address() + done, chunk.byteSize() - done);
            if (written <= 0) {
                if (written != -Errno.EAGAIN && written != 0) {
                    failed("write", written);
                }
                break;
            }
            delivered += written;
            done += written;
        }
        if (!isLive()) {
            skipped += chunk.byteSize() - done;
        } else if (done < chunk.byteSize()) {
            memory.append(chunk.asSlice(done));
        }
    }

    /** Puts bytes in front of all that it will get: what came before it joined. */
    void precede(MemorySegment bytes) {
        memory.append(bytes);
    }

    /** Moves on what waits, as far as the destination takes it at once. */
    void push() {
        while (isLive() && isBusy() && !isPending()) {
            @Nullable PooledPipe pipe = staging;
            long result = pipe != null ? drain(pipe) : memory.writeTo(side());
            if (result > 0) {
                delivered += result;
                if (pipe != null && pipe.held() == 0) {
                    staging = null;
                    PipePool.shared().release(side().state(), pipe);
                }
            } else if (result == -Errno.EAGAIN || result == 0) {
                return;
            } else if (pipe != null && isRefusal(result)) {
                splices = false;
                settle(side().state());
            } else {
                failed(pipe != null ? "splice" : "write", result);
            }
        }
    }

    private long drain(PooledPipe pipe) {
        return descriptor.kind().isOnDisk()
                ? Offload.run(() -> pipe.drain(side(), Long.MAX_VALUE))
                : pipe.drain(side(), Long.MAX_VALUE);
    }

    private boolean isRefusal(long result) {
        return switch ((int) -result) {
            case Errno.EINVAL, Errno.ENOSYS, Errno.EPERM, Errno.EOPNOTSUPP ->
                descriptor.kind() != Kind.TERMINAL || !isHungUp();
            default -> false;
        };
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

    /** What is in the staging pipe goes before what is in memory, and the pipe back. */
    private void settle(CallState state) {
        @Nullable PooledPipe pipe = staging;
        if (pipe == null) {
            return;
        }
        staging = null;
        try {
            MemorySegment bytes = Buffers.acquire(pipe.held()).asSlice(0, pipe.held());
            pipe.readOut(state, bytes);
            memory.prepend(bytes);
        } catch (IOException impossible) {
            finish(End.FAILED, impossible);
        } finally {
            PipePool.shared().release(state, pipe);
        }
    }

    /** Ends it: what waits is not delivered, and so counts as skipped. */
    void finish(End reason, @Nullable IOException cause) {
        if (end == null) {
            skipped += waiting();
            failure = cause;
            end = reason;
            news = true;
            memory.clear();
            @Nullable PooledPipe pipe = staging;
            if (pipe != null) {
                staging = null;
                PipePool.shared().release(side().state(), pipe); // which closes it, since it is not empty
            }
        }
    }
}
