// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a chunk from the source by splice(2), into a pipe, the hub; and hands it on: by tee(2) into an empty staging
 * pipe for each destination that takes it so, the last of which gets the hub itself. Where somebody needs the chunk in
 * memory, it is read out of the hub instead. So nothing is ever left in a hub.
 *
 * <p>A tee takes nothing from the hub, so a short one would begin with the same bytes again: it must not be repeated.
 * Into an empty pipe with as many slots it is never short; where a smaller pipe was all there was, the rest is handed
 * on in memory, and the hub is a small one too for a while.
 */
final class Hub {
    private static final long SMALL_NANOS = Duration.ofSeconds(10).toNanos();

    private final Side from;
    private final Runnable joining;
    private final Flow flow = new Flow();
    private long smallUntil = Deadline.NONE;
    private boolean teeRefused;

    /** The destinations of the chunk under way: those that take it by a pipe, and those that take it in memory. */
    private final List<Feed> byPipe = new ArrayList<>();

    private final List<Feed> inMemory = new ArrayList<>();

    /** @param joining see {@link Intake} */
    Hub(Side from, Runnable joining) {
        this.from = from;
        this.joining = joining;
    }

    /** Whether the kernel will not have a tee: what is in the way is handed on in memory. */
    boolean isTeeRefused() {
        return teeRefused;
    }

    /**
     * Splices a chunk, and hands it on.
     *
     * @param recent where the bytes are to be kept too, or null
     * @return how many bytes it was; 0 at the end of the source; or the negative errno, EMFILE if there is no pipe
     */
    long splice(long most, List<Outlet> outlets, @Nullable Recent recent) throws IOException {
        CallState state = from.state();
        boolean large = flow.isLarge() && (smallUntil == Deadline.NONE || Deadline.passed(smallUntil));
        @Nullable PooledPipe hub = PipePool.shared().acquire(state, large);
        if (hub == null) {
            return -Errno.EMFILE;
        }
        boolean handedOver = false;
        try {
            long taken = hub.fill(from, most);
            if (taken > 0) {
                flow.moved(taken);
                joining.run();
                sort(outlets, taken);
                handedOver = hand(hub, recent);
            }
            return taken;
        } finally {
            if (!handedOver) {
                PipePool.shared().release(state, hub);
            }
        }
    }

    private void sort(List<Outlet> outlets, long count) {
        byPipe.clear();
        inMemory.clear();
        for (int i = 0; i < outlets.size(); i++) {
            Feed feed = outlets.get(i).feed();
            if (!outlets.get(i).isLive()) {
                continue; // it was taken out before it joined
            }
            if (feed.takesPipe()) {
                byPipe.add(feed);
            } else if (feed.turnsDown(count)) {
                feed.turnDown(count);
            } else {
                inMemory.add(feed);
            }
        }
    }

    /** Answers whether the hub itself was handed on. */
    private boolean hand(PooledPipe hub, @Nullable Recent recent) throws IOException {
        boolean readOut = !inMemory.isEmpty() || recent != null;
        boolean handedOver = false;
        long[] teed = new long[byPipe.size()];
        boolean isShort = false;
        for (int i = 0; i < byPipe.size(); i++) {
            if (i == byPipe.size() - 1 && !readOut && !isShort) {
                byPipe.get(i).stage(hub);
                handedOver = true;
            } else {
                teed[i] = tee(hub, byPipe.get(i));
                isShort |= teed[i] < hub.held();
            }
        }
        if (!handedOver && (readOut || isShort)) {
            handInMemory(hub, teed, recent);
        }
        if (isShort) {
            smallUntil = Deadline.after(SMALL_NANOS);
        }
        for (int i = 0; i < byPipe.size(); i++) {
            byPipe.get(i).push();
        }
        return handedOver;
    }

    /** Answers how much of what is in the hub the destination has by it. */
    private long tee(PooledPipe hub, Feed feed) {
        @Nullable PooledPipe staging = PipePool.shared().acquire(from.state(), hub.isLarge());
        if (staging == null) {
            return 0;
        }
        long count = hub.tee(from.state(), staging);
        if (count > 0) {
            feed.stage(staging);
        } else {
            if (Answers.isRefusal(count)) {
                teeRefused = true;
                CopyRecorder.refused("tee", from, null, count);
            }
            PipePool.shared().release(from.state(), staging);
        }
        return Math.max(0, count);
    }

    private void handInMemory(PooledPipe hub, long[] teed, @Nullable Recent recent) throws IOException {
        MemorySegment room = Buffers.acquire(hub.held());
        try {
            MemorySegment chunk = room.asSlice(0, hub.held());
            hub.readOut(from.state(), chunk);
            if (recent != null) {
                recent.add(chunk);
            }
            for (int i = 0; i < teed.length; i++) {
                if (teed[i] < chunk.byteSize()) {
                    byPipe.get(i).append(chunk.asSlice(teed[i]));
                }
            }
            inMemory.forEach(feed -> feed.offer(chunk));
        } finally {
            Buffers.release(room);
        }
    }
}
