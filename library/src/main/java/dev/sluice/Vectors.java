// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Peers;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Writing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Scattering reads and gathering writes. Small buffers go together by way of one of ours, since iovecs cannot point
 * into the Java heap, and a copy of a few kilobytes is cheaper than another system call.
 */
final class Vectors {
    private Vectors() {}

    static long read(Descriptor descriptor, ByteBuffer[] buffers, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        long room = 0;
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].isReadOnly()) {
                throw new IllegalArgumentException("buffer " + i + " is read-only");
            }
            if (room == 0 && buffers[i].remaining() >= Buffers.SIZE) {
                return descriptor.read(buffers[i]);
            }
            room += buffers[i].remaining();
        }
        MemorySegment bounce = Buffers.acquire();
        try {
            ByteBuffer bytes = bounce.asByteBuffer();
            bytes.limit((int) Math.min(room, Buffers.SIZE));
            int count = descriptor.read(bytes);
            bytes.flip();
            for (int i = offset; bytes.hasRemaining(); i++) {
                move(bytes, buffers[i]);
            }
            return count;
        } finally {
            Buffers.release(bounce);
        }
    }

    static long write(Descriptor descriptor, ByteBuffer[] buffers, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        int[] starts = Arrays.stream(buffers, offset, offset + length).mapToInt(ByteBuffer::position).toArray();
        Side side = descriptor.internal().writeSide();
        side.begin();
        MemorySegment bounce = Buffers.acquire();
        long written = 0;
        try {
            Peers.connect(side);
            ByteBuffer together = bounce.asByteBuffer();
            for (int i = offset; i < offset + length; i++) {
                ByteBuffer buffer = buffers[i];
                if (together.position() > 0 && together.remaining() < buffer.remaining()) {
                    written += flush(side, together);
                }
                if (together.remaining() < buffer.remaining()) {
                    written += write(side, buffer);
                } else {
                    together.put(buffer);
                }
            }
            return written + flush(side, together);
        } catch (InterruptedIOException cut) {
            written += cut.bytesTransferred;
            cut.bytesTransferred = (int) Math.min(written, Integer.MAX_VALUE);
            for (int i = 0; i < length; i++) {
                ByteBuffer buffer = buffers[offset + i];
                int taken = (int) Math.min(written, buffer.limit() - starts[i]);
                buffer.position(starts[i] + taken);
                written -= taken;
            }
            throw cut;
        } finally {
            Buffers.release(bounce);
            side.end();
            Reference.reachabilityFence(descriptor);
        }
    }

    private static int flush(Side side, ByteBuffer together) throws IOException {
        int count = write(side, together.flip());
        together.clear();
        return count;
    }

    private static int write(Side side, ByteBuffer buffer) throws IOException {
        int count = buffer.remaining();
        Writing.writeAll(side, MemorySegment.ofBuffer(buffer));
        buffer.position(buffer.limit());
        return count;
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), count);
        to.position(to.position() + count);
        from.position(from.position() + count);
    }
}
