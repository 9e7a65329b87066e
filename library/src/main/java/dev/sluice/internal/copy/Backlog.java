// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Offload;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What one destination has still to get: first what is in a staging pipe, and then what is in memory. */
final class Backlog {
    private final Blocks memory = new Blocks();
    private @Nullable PooledPipe staging;

    long size() {
        @Nullable PooledPipe pipe = staging;
        return memory.size() + (pipe == null ? 0 : pipe.held());
    }

    boolean isEmpty() {
        return size() == 0;
    }

    boolean isStaged() {
        return staging != null;
    }

    /** Takes over a pipe and what is in it. Only when it is empty. */
    void stage(PooledPipe chunk) {
        if (!isEmpty()) {
            throw new IllegalStateException("a chunk is staged before " + size() + " bytes");
        }
        staging = chunk;
    }

    /** Copies bytes behind all others. */
    void append(MemorySegment bytes) {
        memory.append(bytes);
    }

    /** Moves what the destination takes at once: how many bytes, or the negative errno. Not when it is empty. */
    long moveTo(Side to) {
        @Nullable PooledPipe pipe = staging;
        if (pipe == null) {
            return memory.writeTo(to);
        }
        long moved = to.owner().kind().isOnDisk()
                ? Offload.run(() -> pipe.drain(to, Long.MAX_VALUE))
                : pipe.drain(to, Long.MAX_VALUE);
        if (pipe.held() == 0) {
            staging = null;
            PipePool.shared().release(to.state(), pipe);
        }
        return moved;
    }

    /** Reads what is in the staging pipe into memory, before what is there, and gives the pipe back. */
    void settle(CallState state) throws IOException {
        @Nullable PooledPipe pipe = staging;
        if (pipe != null) {
            MemorySegment bytes = Buffers.acquire(pipe.held()).asSlice(0, pipe.held());
            pipe.readOut(state, bytes);
            memory.prepend(bytes);
            staging = null;
            PipePool.shared().release(state, pipe);
        }
    }

    /** Forgets everything. */
    void clear() {
        memory.clear();
        @Nullable PooledPipe pipe = staging;
        if (pipe != null) {
            staging = null;
            CallState state = CallState.acquire();
            PipePool.shared().release(state, pipe); // which closes it, since it is not empty
            state.release();
        }
    }
}
