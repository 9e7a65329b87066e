// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Fifo;
import dev.sluice.FifoOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The reading end of a FIFO.
 *
 * <p>When its last writer has left, to poll(2) it hangs up for good, and no event tells of the next writer. A reader
 * that is opened anew is as one that never had a writer: nothing shows until data comes, and to wait for it costs
 * nothing. So one that is kept is opened anew at each end, by way of the old one: it stays the same FIFO whatever lies
 * at the path by then, and is never without a reader.
 */
final class FifoReader extends Opened {
    private final boolean kept;
    private final @Nullable Path made;

    FifoReader(String address, Fifo fifo, boolean kept, @Nullable Path made) {
        super(address, fifo);
        this.kept = kept;
        this.made = made;
    }

    @Override
    public boolean isKept() {
        return kept;
    }

    @Override
    public void renew(@Nullable Duration limit) throws IOException {
        Fifo[] next = new Fifo[1];
        descriptor.control(fd -> next[0] =
                Fifo.open(Path.of("/proc/self/fd/" + fd), StandardOpenOption.READ, FifoOption.FOLLOW_LINKS));
        descriptor.close();
        descriptor = next[0];
    }

    @Override
    public void undo() throws IOException {
        if (made != null) {
            Files.deleteIfExists(made);
        }
    }
}
