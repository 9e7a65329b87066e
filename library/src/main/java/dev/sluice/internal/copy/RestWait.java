// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Recorder;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for more, where some is there already and stays.
 *
 * <p>To poll(2) readiness is a level, which would end every wait of a platform thread at once: it waits for the end
 * alone, and looks for more on a timer. To a virtual thread it is an edge, and each write makes one; but for a single
 * kind. A write that waits for room is announced only if it found the pipe empty (pipe_write in the kernel's
 * fs/pipe.c: {@code was_empty}), and it wakes nobody until all of it is written. One of 100,000 bytes into a pipe with
 * a rest in it so waits for its reader, and the reader for it. For that a virtual thread looks too, and seldom.
 */
final class RestWait implements AutoCloseable {
    private final Side side;
    private @Nullable Pace pace;
    private @Nullable Object event;

    RestWait(Side side) {
        this.side = side;
    }

    void await() throws IOException {
        boolean virtual = Thread.currentThread().isVirtual();
        @Nullable Pace current = pace;
        if (current == null) {
            current = virtual ? Pace.rare() : new Pace();
            pace = current;
            event = Recorder.waitBegins();
        }
        Waiting.await(side, virtual ? side.events() : Constants.EPOLLRDHUP, current.next());
    }

    @Override
    public void close() {
        @Nullable Pace current = pace;
        if (current != null) {
            current.close();
            Recorder.waitEnds(event, side);
        }
    }
}
