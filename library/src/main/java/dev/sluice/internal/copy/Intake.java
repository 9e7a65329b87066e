// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.internal.poll.Attempts;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes chunks from the source of a {@link Spread}, large ones by the {@link Hub} and small ones by a buffer, and hands
 * each to every destination.
 */
final class Intake {
    /** What a try came to. */
    enum Outcome {
        /** A chunk was taken. */
        TAKEN,
        /** Nothing was, and the next try may. */
        AGAIN,
        /** There is nothing at the moment. */
        NOTHING,
        /** There will be no more. */
        END
    }

    private static final long MOST = 1 << 20;

    private final Side from;
    private final Tally tally;
    private final @Nullable Recent recent;
    private final Runnable joining;
    private final Hub hub;
    private final WayChoice choice;
    private final PipeGrowth growth;
    private final Turns turns;

    /** @param joining called when a chunk has been taken: who has joined before that came is to get it */
    Intake(Side from, int pipeSize, Tally tally, @Nullable Recent recent, Runnable joining) {
        this.from = from;
        this.tally = tally;
        this.recent = recent;
        this.joining = joining;
        this.hub = new Hub(from, joining);
        OpenDescriptor source = from.owner();
        this.choice =
                new WayChoice(!source.kind().isOnDisk() && Way.splices(source) ? Way.THROUGH_PIPE : Way.BUFFER, false);
        this.growth = new PipeGrowth(pipeSize);
        this.turns = new Turns(from);
        growth.start(from);
    }

    /** Takes a chunk, of {@code room} bytes at most, and hands it on. */
    Outcome take(long room, List<Outlet> outlets) throws IOException {
        turns.begin();
        long most = from.owner().readable(from.state(), Math.min(room, MOST));
        if (most == 0) {
            return Outcome.END;
        }
        boolean splice = choice.way() == Way.THROUGH_PIPE;
        long result = splice ? hub.splice(most, outlets, recent) : read(most, outlets);
        if (result > 0) {
            moved(splice, result);
            turns.end(!splice && result < Math.min(most, Buffers.SIZE));
            return Outcome.TAKEN;
        }
        if (splice && result == -Errno.EMFILE) {
            tally.refused();
            CopyRecorder.refused("pipe2", from, null, result);
            choice.noPipe();
            return Outcome.AGAIN;
        }
        if (splice && Answers.isRefusal(result)) {
            tally.refused();
            CopyRecorder.refused("splice", from, null, result);
            choice.refused();
            return Outcome.AGAIN;
        }
        if (result == 0 && Reading.isMessageOfNoBytes(from)) {
            return Outcome.AGAIN;
        }
        return switch (Reading.meaning(from, result, splice ? "splice" : "read")) {
            case Reading.END -> Outcome.END;
            case Reading.WAIT -> Outcome.NOTHING;
            default -> Outcome.AGAIN;
        };
    }

    private void moved(boolean splice, long count) {
        from.owner().noteRead(count);
        tally.moved(splice, count);
        if (splice) {
            choice.spliced(count);
            growth.spliced(from, count);
            if (hub.isTeeRefused()) {
                tally.refused();
                choice.refused();
            }
        } else {
            choice.copied(count);
        }
        from.setBusy(choice.way() != Way.BUFFER);
    }

    private long read(long most, List<Outlet> outlets) {
        MemorySegment room = room();
        try {
            boolean message = from.owner().kind() == Kind.MESSAGE_SOCKET;
            long asked = message ? room.byteSize() : Math.min(most, room.byteSize());
            long taken = Attempts.read(from, room.address(), asked);
            if (taken > 0) {
                joining.run();
                MemorySegment chunk = room.asSlice(0, taken);
                if (recent != null) {
                    recent.add(chunk);
                }
                for (int i = 0; i < outlets.size(); i++) {
                    if (outlets.get(i).isLive()) {
                        outlets.get(i).feed().offer(chunk);
                    }
                }
            }
            return taken;
        } finally {
            Buffers.release(room);
        }
    }

    /** A message is read whole, whatever the limit: what the buffer has no room for, the kernel would drop. */
    private MemorySegment room() {
        CallState state = from.state();
        return from.owner().kind() == Kind.MESSAGE_SOCKET
                ? Buffers.acquire(Math.max(1, TransferCalls.messageLength(state, from.owner().number())))
                : Buffers.acquire();
    }
}
