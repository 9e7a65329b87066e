// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Looks for the last newline of a file, from its end. */
final class LastNewline {
    private static final int BLOCK = 8192;

    private LastNewline() {}

    /** {@return where the last line that has an end ends; 0 if none has} */
    static long after(Path file, long length) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            long end = length;
            while (end > 0) {
                int size = (int) Math.min(end == length ? 1 : BLOCK, end); // mostly the last byte is one
                block.clear().limit(size);
                channel.position(end - size);
                while (block.hasRemaining() && channel.read(block) >= 0) {
                    // goes on
                }
                for (int i = block.position() - 1; i >= 0; i--) {
                    if (block.get(i) == '\n') {
                        return end - size + i + 1;
                    }
                }
                end -= size;
            }
            return 0;
        }
    }
}
