// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Either end of a FIFO. */
final class FifoEnd extends Opened {
    private final boolean kept;
    private final @Nullable Path made;

    /** @param made where, if it was not there before */
    FifoEnd(String address, Fifo fifo, boolean kept, @Nullable Path made) {
        super(address, fifo);
        this.kept = kept;
        this.made = made;
    }

    @Override
    public boolean isKept() {
        return kept;
    }

    @Override
    public void undo() throws IOException {
        if (made != null) {
            Files.deleteIfExists(made);
        }
    }
}
