// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;

/**
 * One of the two files of a {@link LogFormat#RAW} log, for a copy that the kernel does:
 *
 * {@snippet :
 * RawFile file = log.raw(Output.STDOUT);
 * CopyResult result = Copy.from(pipe).to(file.descriptor()).limit(file.room()).run();
 * file.advanced(result.bytes());
 * }
 *
 * <p>For one thread at a time, and one source for each output: no {@link Batch} may be committed for it meanwhile.
 */
public final class RawFile {
    private final ContainerLog log;
    private final int index;

    RawFile(ContainerLog log, int index) {
        this.log = log;
        this.index = index;
    }

    /**
     * {@return the open file, positioned at its end, and not O_APPEND: the log's, which closes it at the next rotation}
     * A file that is full is rotated away first.
     *
     * @throws IOException if there is none and none can be made; the log is unharmed, so drop or wait, and try again
     */
    public Descriptor descriptor() throws IOException {
        return log.rawDescriptor(index);
    }

    /**
     * {@return how many bytes go into the file before it is to be rotated; at least 1} Of a file that is too long,
     * since it could not be rotated, a megabyte.
     */
    public long room() {
        long room = log.room(index);
        return room > 0 ? room : 1 << 20;
    }

    /**
     * Says that so many bytes have been written to the descriptor, at its position.
     *
     * @param count 0 or more
     */
    public void advanced(long count) {
        log.rawAdvanced(index, count);
    }

    /**
     * Counts what could not be written, and was read nevertheless: see {@link ContainerLog#droppedBytes}.
     *
     * @param bytes how many
     * @param why the failure
     */
    public void dropped(long bytes, IOException why) {
        log.rawDropped(bytes, why);
    }
}
