// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Text to and from descriptors, a byte a character. */
final class Bytes {
    private Bytes() {}

    static ByteBuffer of(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    static void write(Descriptor to, String text) throws IOException {
        to.write(of(text));
    }

    /** One read, of up to 1,000 bytes. */
    static String read(Descriptor from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        int count = from.read(buffer);
        return count < 0 ? "EOF" : new String(buffer.array(), 0, count, ISO_8859_1);
    }

    /** Reads to the end. */
    static byte[] readAll(Descriptor from) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        while (from.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    /** Writes until a pipe is full: tells how many bytes that took. */
    static int fill(Descriptor to) throws IOException {
        int[] total = new int[1];
        ByteBuffer page = ByteBuffer.allocate(4096);
        to.setWriteDeadline(java.time.Duration.ofMillis(50));
        try {
            for (;;) {
                total[0] += to.write(page.clear());
            }
        } catch (java.net.SocketTimeoutException full) {
            total[0] += full.bytesTransferred;
        }
        to.clearWriteDeadline();
        return total[0];
    }

    /** Bytes that follow no short pattern, so that a lost or doubled one shows: the same for the same seed. */
    static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
