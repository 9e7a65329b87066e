// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import java.io.IOException;

/**
 * Takes what a container writes, and keeps none of it: where it cannot be logged at all. So the container is neither
 * blocked by a pipe that nobody reads, nor killed by one that is closed.
 */
public final class Discard {
    private final PeekedSource source;
    private final Counters counters;

    /**
     * Prepares to read.
     *
     * @param source a FIFO, pipe or stream socket, which stays the caller's
     * @param counters count what is taken as dropped
     */
    public Discard(Descriptor source, Counters counters) {
        this.source = new PeekedSource(source);
        this.counters = counters;
    }

    /**
     * Takes all that comes, to the end of the source. Blocks the calling (virtual) thread. May be run again after an
     * interrupt.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted
     * @throws IOException if the source cannot be read, is closed say
     */
    public void run() throws IOException {
        source.drain(counters);
    }
}
