// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.Output;
import java.io.IOException;

/**
 * Logs, line by line, the bytes that a container writes to one of its outputs. A line that is longer than 16 KiB is
 * logged in pieces, and one that has no newline at the end of the source as a piece too. Its time is that at which it
 * was seen.
 *
 * <p>Each line is in the log once, as {@link FrameIntake} says. A line without its newline waits in the source.
 */
public final class LineIntake {
    private final Intake intake;

    /**
     * Prepares to read, as {@link FrameIntake#FrameIntake}.
     *
     * @param source a FIFO, pipe or stream socket, which this intake alone reads, whose read deadline and capacity it
     *     sets, and which stays the caller's
     * @param output which of the container's outputs it is
     * @param log where lines go
     * @param attachments who gets them too
     * @param counters what counts them
     * @throws IOException if the source cannot be read
     */
    public LineIntake(
            Descriptor source, Output output, ContainerLog log, Attachments attachments, Counters counters)
            throws IOException {
        intake = new Intake(
                new PeekedSource(source),
                new LineCutter(output),
                new Appending(log, log.source(source), attachments, counters),
                counters);
    }

    /**
     * Logs all that comes, to the end of the source: as {@link FrameIntake#run}.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted, with nothing lost
     * @throws IOException if the source cannot be read, is closed say, or the log is closed
     */
    public void run() throws IOException {
        intake.run();
    }
}
