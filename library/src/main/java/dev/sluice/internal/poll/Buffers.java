// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for bytes on their way through user space. A few idle buffers are kept; the collector frees the rest.
 */
public final class Buffers {
    /** Bytes in each: a full default pipe, and what cat(1) and cp(1) have found to be enough. */
    public static final int SIZE = 128 * 1024;

    private static final int KEPT = 16;
    private static final int ALIGNMENT = 4096;
    private static final ArrayDeque<MemorySegment> IDLE = new ArrayDeque<>();

    private Buffers() {}

    public static MemorySegment acquire() {
        @Nullable MemorySegment idle;
        synchronized (IDLE) {
            idle = IDLE.poll();
        }
        return idle != null ? idle : Arena.ofAuto().allocate(SIZE, ALIGNMENT);
    }

    /** One of so many bytes at least: a larger one is made for it, and not kept when it is released. */
    public static MemorySegment acquire(long bytes) {
        return bytes <= SIZE ? acquire() : Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }

    /** Gives one back. One of another size, which somebody needed once, is left to the collector. */
    public static void release(MemorySegment buffer) {
        if (buffer.byteSize() != SIZE) {
            return;
        }
        synchronized (IDLE) {
            if (buffer.byteSize() == SIZE && IDLE.size() < KEPT) {
                IDLE.push(buffer);
            }
        }
    }
}
