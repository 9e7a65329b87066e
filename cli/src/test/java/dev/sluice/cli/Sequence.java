// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Random;

/** A stream in which the byte at each position is known, so that one lost, doubled or moved shows. */
final class Sequence {
    // A prime, so that no buffer's size divides it, and a shift by any of them is seen.
    private static final int PERIOD = 1_048_573;
    private static final byte[] BYTES = new byte[PERIOD];

    static {
        new Random(3).nextBytes(BYTES);
    }

    /**
     * How a stream came to its end.
     *
     * @param position how much had come
     * @param reset whether it was cut off, and not ended by its sender
     */
    record Ending(long position, boolean reset) {}

    private Sequence() {}

    private static ByteBuffer at(long position, long end) {
        int from = (int) (position % PERIOD);
        return ByteBuffer.wrap(BYTES, from, (int) Math.min(PERIOD - from, end - position));
    }

    /** Writes the bytes from one position to another. */
    static void send(WritableByteChannel channel, long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            position += channel.write(at(position, to));
        }
    }

    /**
     * Reads, and checks each byte.
     *
     * @return the position reached: {@code to}, or where the stream ended
     */
    static long receive(ReadableByteChannel channel, long from, long to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long position = from;
        while (position < to) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), to - position));
            if (channel.read(buffer) < 0) {
                break;
            }
            position = check(buffer.flip(), position);
        }
        return position;
    }

    /** Reads, and checks each byte, until the stream has ended, well or not. */
    static Ending receiveWhatComes(ReadableByteChannel channel, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long position = from;
        try {
            while (channel.read(buffer.clear()) >= 0) {
                position = check(buffer.flip(), position);
            }
            return new Ending(position, false);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
            return new Ending(position, true);
        }
    }

    private static long check(ByteBuffer got, long from) {
        long position = from;
        while (got.hasRemaining()) {
            ByteBuffer expected = at(position, position + got.remaining());
            int count = expected.remaining();
            assertThat(got.slice(got.position(), count).mismatch(expected))
                    .as("the first wrong byte after %d", position)
                    .isEqualTo(-1);
            got.position(got.position() + count);
            position += count;
        }
        return position;
    }

    /** Reads to the stream's end, which must be at this position. */
    static void receiveToEnd(ReadableByteChannel channel, long from, long to) throws IOException {
        assertThat(receive(channel, from, to)).as("bytes that came").isEqualTo(to);
        assertEnd(channel);
    }

    /** Asserts that no byte is left, and the stream has ended well. */
    static void assertEnd(ReadableByteChannel channel) throws IOException {
        assertThat(channel.read(ByteBuffer.allocate(1))).as("the end").isEqualTo(-1);
    }

    /**
     * Writes as much as is taken.
     *
     * @param quiet milliseconds in which nothing more is taken
     * @param most where it stops if no end is seen
     * @return the position reached
     */
    static long fill(SocketChannel channel, long from, long most, long quiet) throws IOException {
        channel.configureBlocking(false);
        long position = from;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (position < most && selector.select(quiet) > 0) {
                selector.selectedKeys().clear();
                position += channel.write(at(position, most));
            }
        }
        channel.configureBlocking(true);
        return position;
    }
}
