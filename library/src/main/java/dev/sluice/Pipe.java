// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import java.io.IOException;

/**
 * A pipe: what is written to its sink is read from its source. See pipe(7).
 *
 * @param source the end that is read
 * @param sink the end that is written
 */
public record Pipe(Descriptor source, Descriptor sink) implements AutoCloseable {
    /**
     * Makes a pipe of the kernel's usual capacity, 64 KiB.
     *
     * @return both ends, to be closed by the caller
     * @throws java.nio.file.FileSystemException EMFILE or ENFILE if there are too many descriptors
     */
    public static Pipe open() throws IOException {
        OpenDescriptor[] ends = Opening.pipe();
        return new Pipe(new Descriptor(ends[0]), new Descriptor(ends[1]));
    }

    /** Closes both ends. */
    @Override
    public void close() throws IOException {
        try (source;
                sink) {
            // both, whatever the first one throws
        }
    }
}
