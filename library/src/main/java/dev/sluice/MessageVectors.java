// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Scattering reads and gathering writes of one message each, whatever its length. */
final class MessageVectors {
    private MessageVectors() {}

    static long read(MessageSocket socket, ByteBuffer[] buffers, int offset, int length) throws IOException {
        ByteBuffer together = ByteBuffer.allocate(remaining(buffers, offset, length));
        int count = socket.read(together);
        together.flip();
        for (int i = offset; together.hasRemaining(); i++) {
            int part = Math.min(together.remaining(), buffers[i].remaining());
            buffers[i].put(together.slice(together.position(), part));
            together.position(together.position() + part);
        }
        return count;
    }

    static long write(MessageSocket socket, ByteBuffer[] buffers, int offset, int length) throws IOException {
        ByteBuffer together = ByteBuffer.allocate(remaining(buffers, offset, length));
        List<ByteBuffer> parts = Arrays.asList(buffers).subList(offset, offset + length);
        parts.forEach(part -> together.put(part.duplicate()));
        int count = socket.write(together.flip());
        parts.forEach(part -> part.position(part.limit()));
        return count;
    }

    private static int remaining(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        long total = Arrays.stream(buffers, offset, offset + length)
                .mapToLong(ByteBuffer::remaining)
                .sum();
        return (int) Math.min(total, Integer.MAX_VALUE - Long.BYTES);
    }
}
