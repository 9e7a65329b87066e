// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The last bytes of a stream, as many as are to be kept, for those who join late. */
final class Recent {
    private final MemorySegment ring;
    private long total;

    /** @param bytes how many are kept */
    Recent(long bytes) {
        ring = Arena.ofAuto().allocate(bytes);
    }

    void add(MemorySegment chunk) {
        long size = ring.byteSize();
        MemorySegment kept = chunk.asSlice(Math.max(0, chunk.byteSize() - size));
        total += chunk.byteSize() - kept.byteSize();
        for (long done = 0; done < kept.byteSize(); ) {
            long at = total % size;
            long count = Math.min(kept.byteSize() - done, size - at);
            MemorySegment.copy(kept, done, ring, at, count);
            done += count;
            total += count;
        }
    }

    /** Hands the last bytes, as many as there are and up to {@code most}, to a destination. */
    void replay(Outlet to, long most) {
        long size = ring.byteSize();
        long count = Math.min(most, Math.min(total, size));
        for (long from = total - count; from < total; ) {
            long at = from % size;
            long part = Math.min(total - from, size - at);
            to.feed().append(ring.asSlice(at, part));
            from += part;
        }
    }
}
