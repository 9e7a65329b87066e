// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a copy, open. */
public class Opened implements AutoCloseable {
    private final String address;

    private final Descriptor descriptor;

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

    /** How many bytes there are still to be read, where it is a file; else -1. */
    public final long remainingBytes() throws IOException {
        @Nullable BasicFileAttributes attributes = Checks.attributes(descriptor);
        return attributes != null && attributes.isRegularFile()
                ? Math.max(0, attributes.size() - descriptor.position())
                : -1;
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
     * @param patience how long there is to wait, or null for ever
     */
    public record Leave(boolean complete, boolean sourceEnded, @Nullable Duration patience) {}

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
