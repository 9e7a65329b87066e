// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.PipeFullException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;

/**
 * The loop of an intake: look at what is in the source, make entries of it, and take from the source what the log has.
 * What is no whole entry yet waits in the source, so a process that is killed has nothing in its memory that is
 * nowhere else.
 */
final class Intake {
    private static final Logger LOG = System.getLogger(Intake.class.getName());

    private final PeekedSource source;
    private final EntryDecoder decoder;
    private final Appending log;
    private final Counters counters;
    private final Coalescing coalescing = new Coalescing();
    private boolean isBroken;

    Intake(PeekedSource source, EntryDecoder decoder, Appending log, Counters counters) {
        this.source = source;
        this.decoder = decoder;
        this.log = log;
        this.counters = counters;
    }

    /** As {@link FrameIntake#run}. */
    void run() throws IOException {
        try {
            if (!isBroken) {
                decode();
                return;
            }
        } catch (MalformedFrameException malformed) {
            isBroken = true;
            counters.broken();
            LOG.log(
                    Level.WARNING,
                    source.descriptor() + " cannot be decoded any more, and what comes is dropped: "
                            + malformed.getMessage());
        }
        source.drain(counters);
    }

    private void decode() throws IOException {
        int beyond = 0;
        while (true) {
            Stopping.ifInterrupted();
            try {
                int seen = source.look(beyond);
                if (seen <= beyond) {
                    append(seen, true, false);
                    return;
                }
                append(seen, false, false);
                source.saw(seen);
                coalescing.pause(source, log.entries(), decoder.position());
                beyond = decoder.needed() - 1;
            } catch (PipeFullException full) {
                divideOrHold();
                beyond = 0;
            }
        }
    }

    /**
     * The pipe is full, cannot be larger, and has no whole entry. A line is logged in pieces then. A frame must be
     * taken to see its end, and is in this process's memory alone for a moment; dockerd's are smaller than any pipe but
     * one that was made past its user's quota.
     */
    private void divideOrHold() throws IOException {
        if (decoder.isDivisible()) {
            append(source.look(0), true, false);
            return;
        }
        int held = 0;
        int needed = FrameFields.HEADER;
        while (held < needed) {
            if (!source.read(held, needed)) {
                throw new MalformedFrameException("it ended in the middle of a frame");
            }
            held = needed;
            feed(held);
            needed = decoder.needed();
        }
        append(held, false, true);
    }

    private void append(int seen, boolean last, boolean held) throws IOException {
        if (seen > 0) {
            feed(seen);
            log.append(decoder, source.array(), last, held);
        }
    }

    private void feed(int to) {
        Instant now = Instant.now();
        decoder.feed(source.array(), 0, to, now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }
}
