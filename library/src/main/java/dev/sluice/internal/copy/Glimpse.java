// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What is in a pipe, seen without taking any of it: tee(2) puts references to its pages into an empty pipe, which is
 * then read. That pipe is borrowed for these two calls, and goes back empty.
 *
 * @param count how many bytes, from the first on
 * @param whole whether these were all, unless more came meanwhile
 * @param full whether every slot of the pipe is in use, so that a writer must wait
 */
record Glimpse(long count, boolean whole, boolean full) {
    /** The most that one critical call reads: see {@link dev.sluice.internal.poll.Attempts}. */
    private static final long MOST_AT_ONCE = 1 << 20;

    /** What a pipe of the pool has, unless it is a large one. */
    private static final int USUAL = 64 * 1024;

    /**
     * As much as a pipe of the pool shows: answers how many bytes. Where the source has more slots in use than the
     * pool's pipe has, that is not all; and it is none if there is no pipe to be had.
     *
     * @param into for as many as are wanted
     */
    static long quick(Side from, MemorySegment into) throws IOException {
        CallState state = from.state();
        @Nullable PooledPipe scratch = PipePool.shared().acquire(state, into.byteSize() > USUAL);
        if (scratch == null) {
            return 0;
        }
        try {
            long count = tee(scratch, from, into.byteSize());
            scratch.readOut(state, into, MOST_AT_ONCE);
            return count;
        } finally {
            PipePool.shared().release(state, scratch);
        }
    }

    /**
     * All that the source shows, by way of a pipe with just as many slots. Since tee(2) fills one slot for each (see
     * link_pipe in the kernel's fs/splice.c), that pipe is full if the source is, which has no other way to tell it: a
     * slot may have one byte or a page.
     */
    static Glimpse exact(Side from, MemorySegment into) throws IOException {
        CallState state = from.state();
        int capacity = FileCalls.fcntl(state, from.owner().number(), Constants.F_GETPIPE_SZ, 0);
        if (capacity < 0) {
            throw Failures.of("F_GETPIPE_SZ", from.owner().name(), -capacity);
        }
        @Nullable PooledPipe pooled = acquire(state, capacity);
        PooledPipe scratch = pooled != null ? pooled : PooledPipe.createFor(from, capacity);
        try {
            long count = tee(scratch, from, into.byteSize());
            boolean full = scratch.isFull(state);
            scratch.readOut(state, into, MOST_AT_ONCE);
            boolean same = scratch.capacity() == capacity;
            return new Glimpse(count, same || !full, same && full);
        } finally {
            if (pooled != null) {
                PipePool.shared().release(state, pooled);
            } else {
                scratch.close(state);
            }
        }
    }

    private static @Nullable PooledPipe acquire(CallState state, int capacity) {
        if (capacity != USUAL && capacity != PipeGrowth.LARGEST) {
            return null;
        }
        @Nullable PooledPipe pooled = PipePool.shared().acquire(state, capacity != USUAL);
        if (pooled != null && pooled.capacity() != capacity) {
            PipePool.shared().release(state, pooled);
            return null;
        }
        return pooled;
    }

    private static long tee(PooledPipe scratch, Side from, long most) throws IOException {
        long count = scratch.teeFrom(from, most);
        if (count < 0 && count != -Errno.EAGAIN) {
            throw Failures.of("tee", from.owner().name(), (int) -count);
        }
        return Math.max(0, count);
    }
}
