// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Side;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were read and are not written yet. It has memory only while it has bytes: a copy that waits for a quiet
 * source holds none. What a transfer leaves here is delivered first by the next.
 */
public final class Transit {
    private @Nullable MemorySegment buffer;
    private long start;
    private long end;
    private long lastRead;
    private long asked;

    /** How many bytes wait. */
    public long size() {
        return end - start;
    }

    /** How many the last read brought. */
    long lastRead() {
        return lastRead;
    }

    /** Whether the last read took all that the source had, and all of it has been written. */
    boolean isDrained() {
        return size() == 0 && lastRead < asked;
    }

    /**
     * Reads, if nothing waits, and writes: answers how many bytes were written, or what the failed call answered.
     *
     * @param most how many may be read
     * @param room how many may be written
     */
    long move(Side from, Side to, long most, long room) {
        @Nullable MemorySegment current = buffer;
        if (current == null) {
            current = Buffers.acquire();
            buffer = current;
        }
        try {
            if (size() == 0) {
                asked = Math.min(most, current.byteSize());
                lastRead = Attempts.read(from, current.address(), asked);
                if (lastRead <= 0) {
                    return lastRead;
                }
                from.owner().noteRead(lastRead);
                start = 0;
                end = lastRead;
            }
            long written = Attempts.write(to, current.address() + start, Math.min(size(), room));
            if (written > 0) {
                start += written;
            }
            return written == 0 ? -Errno.EAGAIN : written;
        } finally {
            if (size() == 0) {
                buffer = null;
                Buffers.release(current);
            }
        }
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
        if (size() == 0) {
            buffer = null;
            Buffers.release(current);
        }
        return count;
    }
}
