// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Carries;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open descriptor that a container's output comes from.
 *
 * @param name tells it from the container's other sources: the file name of Docker's FIFO, {@code stdout},
 *     {@code stderr}; at most 100 characters, none of them a colon or a control character
 * @param carries what comes out of it
 * @param descriptor open for reading, a FIFO or a pipe
 * @param path where the FIFO lies; null for a pipe
 */
public record Source(String name, Carries carries, Descriptor descriptor, @Nullable Path path) {
    private static final int LONGEST_NAME = 100;

    /** Checks the name, which goes into sd_notify(3)'s FDNAME. */
    public Source {
        if (name.isEmpty()
                || name.length() > LONGEST_NAME
                || name.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == ':' || c == '/')) {
            throw new IllegalArgumentException("a source cannot be called '" + name + "'");
        }
    }

    /** Docker's FIFO, named by the last part of its path. */
    public static Source dockerFifo(Descriptor fifo, Path path) {
        return new Source(path.getFileName().toString(), Carries.DOCKER_FRAMES, fifo, path);
    }

    /** A pipe with what the container writes to its standard output. */
    public static Source stdout(Descriptor pipe) {
        return new Source(Carries.STDOUT.label(), Carries.STDOUT, pipe, null);
    }

    /** A pipe with what the container writes to its standard error. */
    public static Source stderr(Descriptor pipe) {
        return new Source(Carries.STDERR.label(), Carries.STDERR, pipe, null);
    }
}
