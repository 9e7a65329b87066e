// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.copy.Transfer.End;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Peers;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the next reader of a destination that is a FIFO, for a transfer that keeps it.
 *
 * <pre>
 *   all readers have left, and                                the transfer
 *   bytes wait, in transit or in the FIFO                     waits for a reader
 *   none wait, and the transfer has come to an end            ends so
 *   none wait, and the source has ended                       ends so, unless the source is kept
 *   none wait, and the source may have more                   waits for a reader
 * </pre>
 *
 * <p>That a reader comes is no event, so it is looked for (see {@link Pace}), and at the same time for the source's
 * end.
 */
final class NextReader {
    private final Side from;
    private final Side to;
    private final Transit transit;
    private final Answers answers;
    private final Times times;
    private final boolean keepsSource;

    NextReader(Side from, Side to, Transit transit, Answers answers, Times times, boolean keepsSource) {
        this.from = from;
        this.to = to;
        this.transit = transit;
        this.answers = answers;
        this.times = times;
        this.keepsSource = keepsSource;
    }

    /**
     * Waits, if there is something to wait for, after a transfer that has ended as {@code end}.
     *
     * @return why it ends, or null if it goes on, since there is a reader again
     * @throws IOException if the source fails meanwhile, or as {@link Side#begin} does
     */
    @Nullable End await(Ends ends, End end) throws IOException {
        boolean gone = end == End.DESTINATION_GONE;
        if (!gone && end != End.END_OF_SOURCE && end != End.LIMIT) {
            return end;
        }
        try (Pace pace = new Pace()) {
            for (;;) {
                ends.prepare();
                if (Peers.hasReader(to)) {
                    return gone ? null : end;
                }
                if (!isAnyWaiting() && (!gone || isSourceOver())) {
                    return gone ? End.END_OF_SOURCE : end;
                }
                if (times.isDeadlinePassed()) {
                    return End.DEADLINE;
                }
                if (times.isIdlePassed()) {
                    return End.IDLE_TIMEOUT;
                }
                Waiting.pause(to, from, Deadline.earlier(times.until(), pace.next()));
            }
        }
    }

    /** Whether bytes wait for a reader: the last one may have left some in the FIFO, which would be lost with it. */
    private boolean isAnyWaiting() {
        return transit.size() > 0 || FileCalls.buffered(to.state(), to.owner().number()) > 0;
    }

    /** Nothing is taken before a reader has come, but for a last word that comes between the look and the read. */
    private boolean isSourceOver() throws IOException {
        long most = from.owner().readable(from.state(), Long.MAX_VALUE);
        if (most == 0) {
            return true;
        }
        if (keepsSource || !Reading.isHungUpAndEmpty(from)) {
            return false;
        }
        long count = transit.fetch(from, most);
        return count <= 0 && answers.meaning(Way.BUFFER, count) == Reading.END;
    }
}
