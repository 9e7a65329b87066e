// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.FanOut;
import dev.sluice.FanOutResult;
import dev.sluice.Pipe;
import dev.sluice.SlowPolicy;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A pipe, and the fan-out from it to those who are attached, on a virtual thread; until the last of them has gone. */
final class Outflow {
    private static final Logger LOG = System.getLogger(Outflow.class.getName());

    /** What may wait for one who is slow. */
    private static final long BOUND = 1 << 20;

    /** The fan-out never waits for a reader; only a disk that hangs could hold it up for so long. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Output output;
    private final Predicate<Outflow> isToGoOn;
    private final Pipe pipe;
    private final FanOut fanOut;
    private final List<Attachment> attached = new CopyOnWriteArrayList<>();

    /** @param isToGoOn is asked when all have gone */
    Outflow(Output output, Predicate<Outflow> isToGoOn) throws IOException {
        this.output = output;
        this.isToGoOn = isToGoOn;
        this.pipe = Pipe.open();
        this.fanOut = FanOut.from(pipe.source()).onChange(this::changed);
    }

    Attachment addFirst(Descriptor destination) throws IOException {
        try {
            Attachment first = add(destination);
            Thread.ofVirtual().name("sluice-attached").start(this::run);
            return first;
        } catch (RuntimeException refused) {
            pipe.close();
            throw refused;
        }
    }

    Attachment add(Descriptor destination) {
        Attachment attachment =
                new Attachment(output, fanOut.add(destination, SlowPolicy.skipLines(BOUND)));
        attached.add(attachment);
        if (attachment.end() != null) {
            over(attachment); // it was gone at once, and that was told before it was in the list
        }
        return attachment;
    }

    private void changed(FanOut.Destination destination) {
        if (destination.end() != null) {
            attached.stream().filter(one -> one.isOf(destination)).forEach(this::over);
        }
    }

    private void over(Attachment attachment) {
        attached.remove(attachment);
        attachment.isOver();
    }

    private void run() {
        try (pipe) {
            FanOutResult result;
            do {
                result = fanOut.run();
            } while (isToGoOn.test(this) && result.end() == FanOutResult.End.DESTINATIONS_GONE);
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.WARNING, "those who are attached get nothing more: " + failure.getMessage());
        } finally {
            attached.forEach(this::over);
        }
    }

    boolean hasReaders() {
        return attached.stream().anyMatch(Attachment::isLive);
    }

    List<Attachment> live() {
        return List.copyOf(attached);
    }

    /**
     * Hands on some bytes. An interrupt of the thread does not cut them.
     *
     * @return whether all went
     */
    boolean write(byte[] bytes, int length) {
        boolean interrupted = Thread.interrupted();
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        try {
            pipe.sink().setWriteDeadline(PATIENCE);
            while (buffer.hasRemaining()) {
                try {
                    pipe.sink().write(buffer);
                } catch (InterruptedIOException cut) {
                    if (!Thread.interrupted()) {
                        throw cut;
                    }
                    interrupted = true;
                }
            }
            return true;
        } catch (IOException stuckOrOver) {
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nothing more comes: all get what waits for them, and then are over. */
    void end() {
        try {
            pipe.sink().close();
        } catch (IOException closed) {
            LOG.log(Level.DEBUG, "close", closed);
        }
    }
}
