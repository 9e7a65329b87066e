// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.ContainerLog;
import java.io.IOException;

/**
 * Logs what dockerd writes to a log driver's FIFO.
 *
 * <p>Each entry is in the log once, also when this process is killed at any moment and another one takes up the FIFO:
 * it is taken from there when it is in the log. What no frame can be makes the rest of the stream worthless; that is
 * told once, and from then on all that comes is taken and counted as dropped, so that the container is never blocked.
 *
 * <p>While lines come thick and fast, some milliseconds' worth is logged together.
 */
public final class FrameIntake {
    private final Intake intake;

    /**
     * Prepares to read. What a process that was killed had in flight is settled now.
     *
     * @param source a FIFO or pipe, which this intake alone reads, whose read deadline and capacity it sets, and which
     *     stays the caller's
     * @param log where entries go: not a {@link dev.sluice.containers.log.LogFormat#RAW} one only, any
     * @param attachments who gets them too
     * @param counters what counts them
     * @throws IOException if the source cannot be read
     */
    public FrameIntake(Descriptor source, ContainerLog log, Attachments attachments, Counters counters)
            throws IOException {
        intake = new Intake(
                new PeekedSource(source),
                new FrameDecoder(),
                new Appending(log, log.source(source), attachments, counters),
                counters);
    }

    /**
     * Logs all that comes, to the end of the source. Blocks the calling (virtual) thread. Where a FIFO has no writer
     * yet, it waits for one. May be run again after an interrupt.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted: at a batch's end, with nothing lost. What is
     *     not in the log is in the source, which is open, and the thread's interrupt status is set
     * @throws IOException if the source cannot be read, is closed say, or the log is closed
     */
    public void run() throws IOException {
        intake.run();
    }
}
