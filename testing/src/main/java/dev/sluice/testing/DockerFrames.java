// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * What dockerd writes to a log driver's FIFO: a big-endian uint32 length, and a LogEntry in protobuf. Encoded here by
 * hand, so that nothing of what is tested takes part.
 */
public final class DockerFrames {
    /** Where dockerd cuts long lines. */
    public static final int LONGEST_PIECE = 16 * 1024;

    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private DockerFrames() {}

    /**
     * What dockerd 20.10 wrote for {@code echo err >&2}, {@code echo one}, an empty line, binary bytes, a line of
     * 40,004 bytes, <code>{"a":1}</code> to stderr, a line of 16,384 bytes (which has an empty last piece), and text
     * without a newline at the end.
     *
     * @return the frames, one after the other
     */
    public static byte[] recorded() {
        try (InputStream in = new GZIPInputStream(
                Objects.requireNonNull(DockerFrames.class.getResourceAsStream("docker-frames.gz")))) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * A whole line, in as many frames as dockerd makes of it.
     *
     * @param source {@code stdout} or {@code stderr}
     * @param nanos its time, in nanoseconds since 1970
     * @param line without the newline
     * @return the frames, in order
     */
    public static List<byte[]> line(String source, long nanos, byte[] line) {
        if (line.length <= LONGEST_PIECE) {
            return List.of(frame(source, nanos, line));
        }
        List<byte[]> frames = new ArrayList<>();
        int ordinal = 1;
        for (int at = 0; at < line.length; at += LONGEST_PIECE) {
            int to = Math.min(line.length, at + LONGEST_PIECE);
            frames.add(piece(source, nanos, Arrays.copyOfRange(line, at, to), to == line.length, ordinal++));
        }
        return frames;
    }

    /**
     * A line that was not cut.
     *
     * @param source {@code stdout} or {@code stderr}
     * @param nanos its time, in nanoseconds since 1970
     * @param line without the newline
     * @return the frame
     */
    public static byte[] frame(String source, long nanos, byte[] line) {
        return framed(entry(source, nanos, line).toByteArray());
    }

    /**
     * A piece of a line that was cut.
     *
     * @param source {@code stdout} or {@code stderr}
     * @param nanos its time, in nanoseconds since 1970
     * @param piece its bytes
     * @param last whether the line ends with it
     * @param ordinal which piece it is, from 1
     * @return the frame
     */
    public static byte[] piece(String source, long nanos, byte[] piece, boolean last, int ordinal) {
        ByteArrayOutputStream entry = entry(source, nanos, piece);
        tag(entry, 4, VARINT);
        entry.write(1);
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        if (last) {
            tag(metadata, 1, VARINT);
            metadata.write(1);
        }
        bytes(metadata, 2, "c0ffee".getBytes(UTF_8));
        tag(metadata, 3, VARINT);
        varint(metadata, ordinal);
        bytes(entry, 5, metadata.toByteArray());
        return framed(entry.toByteArray());
    }

    /**
     * Puts the length before a message.
     *
     * @param message any bytes
     * @return the frame
     */
    public static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(Integer.BYTES + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static ByteArrayOutputStream entry(String source, long nanos, byte[] line) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        bytes(entry, 1, source.getBytes(UTF_8));
        tag(entry, 2, VARINT);
        varint(entry, nanos);
        bytes(entry, 3, line);
        return entry;
    }

    private static void bytes(ByteArrayOutputStream to, int field, byte[] value) {
        // As all encoders of proto3, it leaves out what is empty.
        if (value.length > 0) {
            tag(to, field, BYTES);
            varint(to, value.length);
            to.writeBytes(value);
        }
    }

    private static void tag(ByteArrayOutputStream to, int field, int wireType) {
        varint(to, ((long) field << 3) | wireType);
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }
}
