// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Side;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in memory, in order, that one destination has still to get. It has as many blocks as its bytes need, and none
 * when it is empty.
 */
final class Blocks {
    private final ArrayDeque<MemorySegment> blocks = new ArrayDeque<>();

    /** Where the bytes begin in the first block. */
    private long start;

    /** Where they end in the last. */
    private long end;

    private long size;

    long size() {
        return size;
    }

    void append(MemorySegment bytes) {
        for (long done = 0; done < bytes.byteSize(); ) {
            @Nullable MemorySegment last = blocks.peekLast();
            if (last == null || end == last.byteSize()) {
                last = Buffers.acquire();
                blocks.add(last);
                end = 0;
            }
            long count = Math.min(bytes.byteSize() - done, last.byteSize() - end);
            MemorySegment.copy(bytes, done, last, end, count);
            end += count;
            done += count;
            size += count;
        }
    }

    /** Puts bytes, which are given away, before all others. Only as long as none of those has been written. */
    void prepend(MemorySegment bytes) {
        if (start != 0) {
            throw new IllegalStateException("the first block has been written up to " + start);
        }
        if (size == 0) {
            end = bytes.byteSize();
        }
        blocks.addFirst(bytes);
        size += bytes.byteSize();
    }

    /** Writes what the destination takes at once: how many bytes, or the negative errno. Not when it is empty. */
    long writeTo(Side to) {
        MemorySegment first = blocks.getFirst();
        long stop = blocks.size() == 1 ? end : first.byteSize();
        long written = Attempts.write(to, first.address() + start, stop - start);
        if (written <= 0) {
            return written == 0 ? -Errno.EAGAIN : written;
        }
        start += written;
        size -= written;
        if (start == stop) {
            blocks.removeFirst();
            Buffers.release(first);
            start = 0;
        }
        return written;
    }

    void clear() {
        blocks.forEach(Buffers::release);
        blocks.clear();
        size = 0;
        start = 0;
        end = 0;
    }
}
