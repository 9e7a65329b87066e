// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chunk from the source and hands it to each destination: by pipe to those that can take it so, in memory to
 * the others.
 *
 * <p>In the kernel: splice(2) from the source into a pipe, the hub; tee(2) from there into an empty staging pipe for
 * each destination; and the last one gets what is in the hub itself, or it is read out, where somebody needs it in
 * memory. So nothing is ever left in the hub.
 *
 * <p>A tee never takes anything from the hub, so a short one would begin with the same bytes again: it must not be
 * repeated. Into an empty pipe with as many slots it is never short; where a smaller pipe was all there was, the rest
 * is handed on in memory.
 */
final class Hub {
    private final Side from;
    private final Flow flow = new Flow();
    private long taken;

    Hub(Side from) {
        this.from = from;
    }

    /** How many bytes the last {@link #splice} or {@link #read} took from the source. */
    long taken() {
        return taken;
    }

    /**
     * Splices a chunk.
     *
     * @param recent where the bytes are to be kept too, or null
     * @return how many bytes it was; 0 at the end of the source; or the negative errno, EMFILE if there is no pipe
     */
    long splice(long most, List<Outlet> outlets, @Nullable Recent recent) throws IOException {
        CallState state = from.state();
        @Nullable PooledPipe hub = PipePool.shared().acquire(state, flow.isLarge());
        if (hub == null) {
            return -Errno.EMFILE;
        }
        try {
            taken = hub.fill(from, most);
            if (taken > 0) {
                flow.moved(taken);
                from.owner().noteRead(taken);
                hand(hub, outlets, recent);
            }
            return taken;
        } finally {
            PipePool.shared().release(state, hub);
        }
    }

    private void hand(PooledPipe hub, List<Outlet> outlets, @Nullable Recent recent) throws IOException {
        CallState state = from.state();
        long count = hub.held();
        List<Outlet> byPipe = new ArrayList<>();
        List<Outlet> inMemory = new ArrayList<>();
        for (Outlet outlet : outlets) {
            if (outlet.takesPipe()) {
                byPipe.add(outlet);
            } else if (outlet.leavesOut(count)) {
                outlet.skip(count);
            } else {
                inMemory.add(outlet);
            }
        }
        boolean readOut = !inMemory.isEmpty() || recent != null;
        List<Outlet> partly = new ArrayList<>();
        long[] parts = new long[byPipe.size()];
        for (int i = 0; i < byPipe.size(); i++) {
            Outlet outlet = byPipe.get(i);
            boolean last = !readOut && partly.isEmpty() && i == byPipe.size() - 1;
            @Nullable PooledPipe staging = PipePool.shared().acquire(state, hub.isLarge());
            long moved = staging == null ? 0 : last ? hub.move(state, staging) : hub.tee(state, staging);
            if (staging != null) {
                if (moved > 0) {
                    outlet.stage(staging);
                } else {
                    PipePool.shared().release(state, staging);
                }
            }
            if (moved < count) {
                parts[partly.size()] = last ? 0 : moved;
                partly.add(outlet);
            }
        }
        if (readOut || hub.held() > 0) {
            handInMemory(hub, inMemory, partly, parts, recent);
        }
        byPipe.forEach(Outlet::push);
    }

    private void handInMemory(
            PooledPipe hub, List<Outlet> inMemory, List<Outlet> partly, long[] parts, @Nullable Recent recent)
            throws IOException {
        MemorySegment room = Buffers.acquire(hub.held());
        try {
            MemorySegment chunk = room.asSlice(0, hub.held());
            hub.readOut(from.state(), chunk);
            if (recent != null) {
                recent.add(chunk);
            }
            inMemory.forEach(outlet -> outlet.offer(chunk));
            for (int i = 0; i < partly.size(); i++) {
                partly.get(i).precede(chunk.asSlice(parts[i]));
            }
        } finally {
            Buffers.release(room);
        }
    }

    /**
     * Reads a chunk.
     *
     * @return how many bytes it was, what {@link Attempts#read} answers
     */
    long read(long most, List<Outlet> outlets, @Nullable Recent recent) {
        MemorySegment room = Buffers.acquire();
        try {
            taken = Attempts.read(from, room.address(), Math.min(most, room.byteSize()));
            if (taken > 0) {
                from.owner().noteRead(taken);
                MemorySegment chunk = room.asSlice(0, taken);
                if (recent != null) {
                    recent.add(chunk);
                }
                for (Outlet outlet : outlets) {
                    if (outlet.leavesOut(taken)) {
                        outlet.skip(taken);
                    } else {
                        outlet.offer(chunk);
                    }
                }
            }
            return taken;
        } finally {
            Buffers.release(room);
        }
    }
}
