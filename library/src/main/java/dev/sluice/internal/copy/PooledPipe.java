// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A pipe through which bytes go from socket to socket, or by which another pipe's are seen. Both its ends are ours and
 * stay open, so that it neither ends nor breaks; and it is of one transfer at a time, so that what it holds is known
 * without asking.
 */
final class PooledPipe {
    /**
     * The most that one holds, whatever its capacity is: that counts slots, and a slot may take more than a page. It
     * bounds what must be read out when a transfer ends.
     */
    static final int MOST = 1 << 20;

    /** The kernel's default. A user past the quota gets two pages, which a buffer of ours is better than. */
    private static final int USUAL = 64 * 1024;

    private final int source;
    private final int sink;
    private int capacity;
    private long held;
    private boolean large;

    private PooledPipe(CallState state, int source, int sink) {
        this.source = source;
        this.sink = sink;
        this.capacity = FileCalls.fcntl(state, sink, Constants.F_GETPIPE_SZ, 0);
    }

    /**
     * A new one, close-on-exec and non-blocking; null if there are too many descriptors, or if the kernel makes it
     * smaller than usual ({@code pipe-user-pages-soft}).
     */
    static @Nullable PooledPipe create(CallState state) {
        long ends = TransferCalls.pipe(state);
        if (ends < 0) {
            return null;
        }
        PooledPipe pipe = new PooledPipe(state, (int) ends, (int) (ends >>> Integer.SIZE));
        if (pipe.capacity >= 0 && pipe.capacity < USUAL) {
            pipe.close(state);
            return null;
        }
        return pipe;
    }

    /** A new one to look by, which no pool keeps: of {@code bytes} if the kernel allows that, or as it is. */
    static PooledPipe createFor(Side looked, int bytes) throws IOException {
        CallState state = looked.state();
        long ends = TransferCalls.pipe(state);
        if (ends < 0) {
            throw Failures.of("peek", looked.owner().name(), (int) -ends, "no pipe to look by");
        }
        PooledPipe pipe = new PooledPipe(state, (int) ends, (int) (ends >>> Integer.SIZE));
        if (pipe.capacity != bytes) {
            boolean ignored = pipe.resize(state, bytes);
        }
        return pipe;
    }

    /** How many slots it has, counted in bytes. */
    int capacity() {
        return capacity;
    }

    /** How many bytes are in it. */
    long held() {
        return held;
    }

    boolean isLarge() {
        return large;
    }

    /** Makes it {@link PipeGrowth#LARGEST} bytes, if the kernel allows that: answers whether it does. */
    boolean grow(CallState state) {
        large = resize(state, PipeGrowth.LARGEST);
        return large;
    }

    private boolean resize(CallState state, int bytes) {
        int now = FileCalls.fcntl(state, sink, Constants.F_SETPIPE_SZ, bytes);
        capacity = now < 0 ? capacity : now;
        return now >= 0;
    }

    /**
     * Splices from a socket: answers how many bytes, 0 at its end, or the negative errno.
     *
     * <p>It must be empty. Splice answers the same EAGAIN for an empty source and for a full pipe; into an empty pipe
     * there is always room, so here EAGAIN means that the source is empty and nothing else, and every other error is
     * the source's.
     */
    long fill(Side from, long most) {
        requireEmpty();
        long result = TransferCalls.splice(from.state(), from.owner().number(), sink, Math.min(most, MOST));
        held = Math.max(0, result);
        return result;
    }

    /**
     * Splices to a socket: answers how many bytes, or the negative errno. It must not be empty: then EAGAIN means that
     * the destination is full, and every other error is the destination's.
     *
     * <p>Never more is asked for than there is, nor SPLICE_F_MORE given: either would have the last bytes wait for more
     * to follow.
     */
    long drain(Side to, long most) {
        if (held == 0) {
            throw new IllegalStateException("a drain of an empty pipe");
        }
        long result = TransferCalls.splice(to.state(), source, to.owner().number(), Math.min(most, held));
        held -= Math.max(0, result);
        return result;
    }

    /**
     * Gives another one, which must be empty, what is in this one too: answers how many bytes, from the first on, or
     * the negative errno. All, if the other one has as many slots.
     */
    long tee(CallState state, PooledPipe other) {
        other.requireEmpty();
        long result = TransferCalls.tee(state, source, other.sink, held);
        other.held = Math.max(0, result);
        return result;
    }

    /**
     * Gets what is in a pipe, up to {@code most} bytes of it, which stay there too: answers how many, or the negative
     * errno. It must be empty.
     */
    long teeFrom(Side from, long most) {
        requireEmpty();
        long result = TransferCalls.tee(from.state(), from.owner().number(), sink, most);
        held = Math.max(0, result);
        return result;
    }

    /** Whether all its slots are in use. */
    boolean isFull(CallState state) {
        return (PollCalls.pollNow(state, sink, Constants.EPOLLOUT) & Constants.EPOLLOUT) == 0;
    }

    private void requireEmpty() {
        if (held != 0) {
            throw new IllegalStateException("a fill of a pipe that has " + held + " bytes");
        }
    }

    /** Reads all that is in it into memory that has room for that. */
    void readOut(CallState state, MemorySegment into) throws IOException {
        for (long done = 0; held > 0; ) {
            long count = TransferCalls.read(state, source, into.address() + done, held);
            if (count <= 0) {
                throw Failures.of("read", "a pipe between sockets", (int) -count);
            }
            done += count;
            held -= count;
        }
    }

    /** The same into memory of the user's, which may lie in the Java heap. */
    void readOut(CallState state, MemorySegment into, long mostAtOnce) throws IOException {
        for (long done = 0; held > 0; ) {
            long count = TransferCalls.read(state, source, into.asSlice(done, Math.min(held, mostAtOnce)));
            if (count <= 0) {
                throw Failures.of("read", "a pipe of the pool", (int) -count);
            }
            done += count;
            held -= count;
        }
    }

    void close(CallState state) {
        FileCalls.close(state, source);
        FileCalls.close(state, sink);
    }
}
