// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Batch;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.LogSource;
import dev.sluice.containers.log.Output;
import java.io.IOException;

/**
 * Logs the bytes that a container writes to one of its outputs as they are, in the output's own file. Where they come
 * in a large flow, and nobody is attached, they are spliced.
 *
 * <p>Each byte is in the log once, as {@link FrameIntake} says.
 */
public final class RawIntake {
    private final PeekedSource source;
    private final Output output;
    private final ContainerLog log;
    private final LogSource logSource;
    private final Attachments attachments;
    private final Counters counters;
    private final Coalescing coalescing = new Coalescing();
    private final Splicing splicing;

    /**
     * Prepares to read, as {@link FrameIntake#FrameIntake}.
     *
     * @param source a FIFO, pipe or stream socket, which this intake alone reads, whose read deadline and capacity it
     *     sets, and which stays the caller's
     * @param output which of the container's outputs it is
     * @param log a log of the format {@link dev.sluice.containers.log.LogFormat#RAW}
     * @param attachments who gets the bytes too
     * @param counters what counts them
     * @throws IOException if the source cannot be read
     */
    public RawIntake(Descriptor source, Output output, ContainerLog log, Attachments attachments, Counters counters)
            throws IOException {
        this.source = new PeekedSource(source);
        this.output = output;
        this.log = log;
        this.logSource = log.source(source);
        this.attachments = attachments;
        this.counters = counters;
        this.splicing = new Splicing(source, log.raw(output), counters);
    }

    /**
     * Logs all that comes, to the end of the source: as {@link FrameIntake#run}.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted, with nothing lost
     * @throws IOException if the source cannot be read, is closed say, or the log is closed
     */
    public void run() throws IOException {
        while (true) {
            Stopping.ifInterrupted();
            int seen = source.look(0);
            if (seen == 0) {
                return;
            }
            append(wholeLines(source.array(), seen));
            source.saw(seen);
            if (splicing.pays(seen, source.capacity())) {
                source.grow();
                if (!splice()) {
                    return;
                }
            } else {
                coalescing.pause(source, 0, seen);
            }
        }
    }

    /**
     * How many of the bytes that were seen are taken now. Where the array was too short for all, what follows the last
     * newline waits for the next look: so who attaches between two looks begins with a line.
     */
    static int wholeLines(byte[] array, int seen) {
        if (seen < array.length) {
            return seen;
        }
        int end = seen;
        while (end > 0 && array[end - 1] != '\n') {
            end--;
        }
        return end == 0 ? seen : end;
    }

    /** {@return whether there may be more: false at the end of the source} */
    private boolean splice() throws IOException {
        Splicing.End end = Splicing.End.MUCH;
        while (end == Splicing.End.MUCH && !attachments.isAnyone(output)) {
            end = splicing.turn();
        }
        return end != Splicing.End.END_OF_SOURCE;
    }

    private void append(int seen) throws IOException {
        byte[] array = source.array();
        try (Batch batch = logSource.begin()) {
            long droppedBytes = log.droppedBytes();
            for (int done = 0; done < seen; ) {
                int count = batch.addRaw(output, array, done, seen);
                batch.commit(array, done, done + count);
                done += count;
            }
            counters.taken(0, seen);
            counters.dropped(0, log.droppedBytes() - droppedBytes);
        }
        attachments.offer(output, array, 0, seen);
        attachments.flush();
    }
}
