// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The writing end of a FIFO. One that is kept waits for the next reader, with what the last one left in it. */
final class FifoWriter extends Opened {
    private final Fifo fifo;
    private final boolean kept;
    private final @Nullable Path made;

    FifoWriter(String address, Fifo fifo, boolean kept, @Nullable Path made) {
        super(address, fifo);
        this.fifo = fifo;
        this.kept = kept;
        this.made = made;
    }

    @Override
    public boolean isKept() {
        return kept;
    }

    @Override
    public void renew(@Nullable Duration limit) throws IOException {
        if (limit != null) {
            fifo.setWriteDeadline(limit);
        }
        fifo.awaitPeer();
        fifo.clearWriteDeadline();
    }

    @Override
    public void undo() throws IOException {
        if (made != null) {
            Files.deleteIfExists(made);
        }
    }
}
