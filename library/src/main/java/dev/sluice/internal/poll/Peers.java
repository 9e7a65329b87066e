// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.TransferCalls;
import java.io.IOException;

/** Whether a FIFO's other end has come. {@link Hangups} tells whether it has gone. */
public final class Peers {
    private Peers() {}

    /**
     * Waits, as a blocking open(2) would, until a FIFO has a peer; a writer whose reader has left waits for the next.
     */
    public static void await(OpenDescriptor descriptor) throws IOException {
        if (descriptor.isReadable()) {
            awaitWriter(descriptor, descriptor.readSide());
        } else {
            awaitReader(descriptor, descriptor.writeSide());
        }
    }

    /** A FIFO's writer is open as soon as it has a reader. That another one comes is no event, so it is looked for. */
    private static void awaitReader(OpenDescriptor descriptor, Side side) throws IOException {
        side.begin();
        try (Pace pace = new Pace()) {
            descriptor.connect(side);
            for (;;) {
                side.prepare();
                if (Hangups.now(side.state(), descriptor) != Hangups.State.READER_GONE) {
                    return;
                }
                Waiting.pause(side, null, pace.next());
            }
        } finally {
            side.end();
        }
    }

    /**
     * For a reader nothing but data makes an event, so a writer that has only opened is looked for from time to time: a
     * read to nowhere tells, and takes nothing.
     */
    private static void awaitWriter(OpenDescriptor descriptor, Side side) throws IOException {
        side.begin();
        try (Pace pace = new Pace()) {
            for (;;) {
                side.prepare();
                long result = TransferCalls.probe(side.state(), descriptor.number());
                if (result != 0 || Reading.meaning(side, 0, "read") != Reading.WAIT) {
                    return;
                }
                Waiting.await(side, side.events(), pace.next());
            }
        } finally {
            side.end();
        }
    }
}
