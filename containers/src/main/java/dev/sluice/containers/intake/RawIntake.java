// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Batch;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.LogSource;
import dev.sluice.containers.log.Output;
import java.io.IOException;

/**
 * Logs the bytes that a container writes to one of its outputs as they are, in the output's own file.
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
            append(seen);
            source.saw(seen);
            coalescing.pause(source, 0, seen);
        }
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
