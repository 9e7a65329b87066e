// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.Listener;
import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a copy, open. */
public class Opened implements AutoCloseable {
    private final String address;

    /** The same for the whole life of most; what listens becomes a connection. */
    protected Descriptor descriptor;

    protected Opened(String address, Descriptor descriptor) {
        this.address = address;
        this.descriptor = descriptor;
    }

    /** As the user wrote it. */
    public final String address() {
        return address;
    }

    public final Descriptor descriptor() {
        return descriptor;
    }

    /** Whether its peer's going can be waited for. What listens has none yet, and a FIFO may wait for its first. */
    final boolean canHangUp() throws IOException {
        if (descriptor instanceof Listener || descriptor instanceof Fifo) {
            return false;
        }
        @Nullable BasicFileAttributes attributes = Checks.attributes(descriptor);
        return attributes == null || attributes.isOther();
    }

    /** How many bytes there are still to be read, where it is a file; else -1. */
    public final long remainingBytes() throws IOException {
        @Nullable BasicFileAttributes attributes = Checks.attributes(descriptor);
        return attributes != null && attributes.isRegularFile()
                ? Math.max(0, attributes.size() - descriptor.position())
                : -1;
    }

    /** What the user has to be told so that a peer can find it; null where he knows. */
    public @Nullable String whereabouts() throws IOException {
        return null;
    }

    /**
     * Waits until it has its peer, where it listens for one.
     *
     * @param other the other end of the copy: there is nothing to wait for when that has gone; null if it has several
     * @param limit how long it may wait, or null for ever
     * @return whether it has; if not, the other end has gone
     * @throws java.net.SocketTimeoutException if the time is over
     * @throws java.io.InterruptedIOException if the thread is interrupted
     */
    public boolean meet(@Nullable Opened other, @Nullable Duration limit) throws IOException {
        return true;
    }

    /** Whether the copy goes on with the next peer when its peer has gone. */
    public boolean isKept() {
        return false;
    }

    /** Takes back what opening it has made, because the copy did not begin. */
    public void undo() throws IOException {}

    /**
     * Ends it after a copy, and waits where there is something to wait for.
     *
     * @param leave how the copy left it
     * @throws IOException if it turns out only now that something failed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Verdict finish(Leave leave) throws IOException, InterruptedException {
        close();
        return Verdict.DONE;
    }

    /** Closes the descriptor, and does nothing else. */
    @Override
    public void close() throws IOException {
        descriptor.close();
    }

    /**
     * How a copy leaves its ends.
     *
     * @param complete whether all was delivered that was to be delivered: the end of the source, or the limit
     * @param sourceEnded whether the source has come to its end by itself
     * @param failed whether something went wrong, so that what was delivered is not to be taken for the whole
     * @param patience how long there is to wait, or null for ever
     * @param idleTimeout how long there is to wait while nothing moves, or null for ever
     */
    public record Leave(
            boolean complete,
            boolean sourceEnded,
            boolean failed,
            @Nullable Duration patience,
            @Nullable Duration idleTimeout) {
        /** The same, but for how long there is to wait. */
        public Leave within(Duration limit) {
            return new Leave(complete, sourceEnded, failed, limit, idleTimeout);
        }
    }

    /** What an end knows in the end. */
    public enum Verdict {
        /** Nothing that would change how the copy ended. */
        DONE,
        /** Where it passed the bytes on to, nobody reads any more. */
        GONE,
        /** It did not finish in time. */
        LATE
    }
}
