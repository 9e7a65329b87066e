// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were taken from the source and are not delivered yet: in memory, or in a pipe of the {@link PipePool}, and
 * never in both. It has memory or a pipe only while it has bytes: a copy that waits for a quiet source holds none.
 *
 * <p>What a transfer leaves here is delivered first by the next. That is in memory, see {@link #settle}: a transit may
 * become garbage, and then nobody would close a pipe.
 */
public final class Transit {
    private @Nullable PooledPipe pipe;
    private @Nullable MemorySegment buffer;
    private long start;
    private long end;
    private long lastRead;
    private long asked;

    /** How many bytes wait. */
    public long size() {
        return pipe != null ? pipe.held() : end - start;
    }

    /** The way by which what is here goes on. */
    Way way() {
        return pipe != null ? Way.THROUGH_PIPE : Way.BUFFER;
    }

    /** How many the last read or splice from the source brought. */
    long lastRead() {
        return lastRead;
    }

    /** Whether the last read took all that the source had, and all of it has been written. */
    boolean isDrained() {
        return size() == 0 && lastRead < asked;
    }

    /** Takes a pipe, if there is one to be had, for the {@link #move} that follows. Only while nothing waits. */
    boolean obtainPipe(CallState state, boolean large) {
        if (pipe == null) {
            pipe = PipePool.shared().acquire(state, large);
        }
        return pipe != null;
    }

    /**
     * Takes from the source, if nothing waits, and delivers: answers how many bytes were delivered, or what the failed
     * call answered. That was the source's if nothing waits afterwards, and else the destination's.
     *
     * @param most how many may be taken
     * @param room how many may be delivered
     */
    long move(Side from, Side to, long most, long room) {
        long delivered = pipe != null ? splice(pipe, from, to, most, room) : copy(from, to, most, room);
        return delivered == 0 && size() > 0 ? -Errno.EAGAIN : delivered;
    }

    private long splice(PooledPipe current, Side from, Side to, long most, long room) {
        try {
            if (current.held() == 0) {
                lastRead = current.fill(from, most);
                if (lastRead <= 0) {
                    return lastRead;
                }
                from.owner().noteRead(lastRead);
            }
            return current.drain(to, room);
        } finally {
            if (current.held() == 0) {
                pipe = null;
                PipePool.shared().release(from.state(), current);
            }
        }
    }

    private long copy(Side from, Side to, long most, long room) {
        try {
            if (size() == 0 && read(from, most) <= 0) {
                return lastRead;
            }
            long written = Attempts.write(to, memory().address() + start, Math.min(size(), room));
            start += Math.max(0, written);
            return written;
        } finally {
            freeIfEmpty();
        }
    }

    /** Reads, and delivers nothing: answers how many bytes, or the negative errno. Only while nothing waits. */
    long fetch(Side from, long most) {
        try {
            return read(from, most);
        } finally {
            freeIfEmpty();
        }
    }

    private long read(Side from, long most) {
        MemorySegment into = memory();
        asked = Math.min(most, into.byteSize());
        if (from.owner().kind() == Kind.MESSAGE_SOCKET) {
            // A message is read whole, whatever the limit: what there is no room for, the kernel would drop. One that
            // comes after this look is left for the next, since its length is not known.
            long length = TransferCalls.messageLength(from.state(), from.owner().number());
            if (length < 0) {
                lastRead = length;
                return length;
            }
            into = roomFor(length, into);
            buffer = into;
            asked = into.byteSize();
        }
        lastRead = Attempts.read(from, into.address(), asked);
        if (lastRead > 0) {
            from.owner().noteRead(lastRead);
            start = 0;
            end = lastRead;
        }
        return lastRead;
    }

    private MemorySegment memory() {
        @Nullable MemorySegment current = buffer;
        if (current == null) {
            current = Buffers.acquire();
            buffer = current;
        }
        return current;
    }

    private static MemorySegment roomFor(long length, MemorySegment current) {
        if (length <= current.byteSize()) {
            return current;
        }
        Buffers.release(current);
        return Buffers.acquire(length);
    }

    /** Takes what waits, as far as there is room for it: answers how many bytes. */
    public int take(ByteBuffer into) {
        @Nullable MemorySegment current = buffer;
        int count = (int) Math.min(size(), into.remaining());
        if (current == null || count == 0) {
            return 0;
        }
        into.put(current.asSlice(start, count).asByteBuffer());
        start += count;
        freeIfEmpty();
        return count;
    }

    private void freeIfEmpty() {
        @Nullable MemorySegment current = buffer;
        if (current != null && size() == 0) {
            buffer = null;
            Buffers.release(current);
        }
    }

    /**
     * Reads what is in a pipe out into memory, and gives the pipe back. To be called when a transfer ends, or cannot
     * splice on.
     *
     * @throws OutOfMemoryError if there is no memory for it: the bytes are lost
     */
    void settle(CallState state) throws IOException {
        @Nullable PooledPipe current = pipe;
        if (current == null) {
            return;
        }
        pipe = null;
        try {
            long held = current.held();
            if (held > 0) {
                MemorySegment memory = Buffers.acquire(held);
                current.readOut(state, memory);
                buffer = memory;
                start = 0;
                end = held;
            }
        } finally {
            PipePool.shared().release(state, current);
        }
    }
}
