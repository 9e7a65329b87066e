// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The bytes of a {@link LogFormat#RAW} log as they are: the kernel moves them, where it can. */
public final class RawLog {
    private static final int BLOCK = 64 << 10;

    private RawLog() {}

    /**
     * Copies all that there is of one output, from the oldest file on.
     *
     * @param folder a container's, whose log is kept as raw
     * @param output whose bytes
     * @param to where to
     * @return whether all was taken: false if the destination has gone
     * @throws IOException if it cannot be read or written
     */
    public static boolean copy(ContainerFolder folder, Output output, Descriptor to) throws IOException {
        try (LogParts parts = LogParts.open(folder, LogNames.raw(output), output.ordinal())) {
            for (LogPart part : parts.list()) {
                if (!copy(part, to)) {
                    return false;
                }
            }
            return true; // all parts are closed with their list
        }
    }

    private static boolean copy(LogPart part, Descriptor to) throws IOException {
        if (!part.isCompressed()) {
            CopyResult.End end = Copy.from(part.descriptor()).to(to).run().end();
            return end != CopyResult.End.DESTINATION_GONE;
        }
        ReadableByteChannel content = part.content(0);
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (content.read(block) >= 0) {
            to.write(block.flip());
            block.clear();
        }
        return true;
    }
}
