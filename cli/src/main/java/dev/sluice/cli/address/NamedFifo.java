// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Fifo;
import dev.sluice.FifoOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code fifo:PATH}. A symbolic link is followed, as a shell user expects of a path. */
record NamedFifo(String text, Path path, boolean keep, FileAttribute<?> @Nullable [] create) implements Address {
    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        return open(StandardOpenOption.READ);
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        return open(StandardOpenOption.WRITE);
    }

    @Override
    public boolean isKept() {
        return keep;
    }

    private Opened open(StandardOpenOption side) throws IOException {
        boolean made = make();
        try {
            Fifo fifo = Fifo.open(path, side, FifoOption.FOLLOW_LINKS);
            return new FifoEnd(text, fifo, keep, made ? path : null);
        } catch (Throwable failure) {
            if (made) {
                Files.deleteIfExists(path);
            }
            throw failure;
        }
    }

    /** Makes it where that is asked for; tells whether it was not there before. */
    private boolean make() throws IOException {
        @Nullable FileAttribute<?>[] mode = create;
        if (mode == null) {
            return false;
        }
        boolean missing = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        Fifo.create(path, mode);
        return missing;
    }
}
