// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Plays dockerd: writes frames to a log driver's FIFO, each by one write(2) that waits for room. To be used on a
 * platform thread.
 */
public final class FramePlayer implements AutoCloseable {
    private final FileOutputStream fifo;
    private long nanos = 1_700_000_000_000_000_000L;

    private FramePlayer(FileOutputStream fifo) {
        this.fifo = fifo;
    }

    /**
     * Opens a FIFO for writing, and waits until it has a reader.
     *
     * @param fifo where it lies
     * @return the player
     * @throws IOException if it cannot be opened
     */
    public static FramePlayer open(Path fifo) throws IOException {
        return new FramePlayer(new FileOutputStream(fifo.toFile()));
    }

    /**
     * Writes a line, in pieces where it is longer than 16 KiB. Its time is a millisecond after that of the line before.
     *
     * @param source {@code stdout} or {@code stderr}
     * @param line without a newline
     * @return this
     * @throws IOException if nobody reads
     */
    public FramePlayer line(String source, String line) throws IOException {
        return line(source, line.getBytes(UTF_8));
    }

    /**
     * Writes a line: see {@link #line(String, String)}.
     *
     * @param source {@code stdout} or {@code stderr}
     * @param line without a newline
     * @return this
     * @throws IOException if nobody reads
     */
    public FramePlayer line(String source, byte[] line) throws IOException {
        nanos += 1_000_000;
        for (byte[] frame : DockerFrames.line(source, nanos, line)) {
            fifo.write(frame);
        }
        return this;
    }

    /**
     * Writes bytes as they are, with one write.
     *
     * @param frame a frame, or what is to be none
     * @return this
     * @throws IOException if nobody reads
     */
    public FramePlayer bytes(byte[] frame) throws IOException {
        fifo.write(frame);
        return this;
    }

    /**
     * Plays what was recorded, frame by frame.
     *
     * @param recording frames, one after the other
     * @return how many
     * @throws IOException if nobody reads, or the recording ends in the middle of a frame
     */
    public int play(InputStream recording) throws IOException {
        DataInputStream in = new DataInputStream(recording);
        for (int frames = 0; ; frames++) {
            int length;
            try {
                length = in.readInt();
            } catch (EOFException end) {
                return frames;
            }
            byte[] message = new byte[length];
            in.readFully(message);
            fifo.write(DockerFrames.framed(message));
        }
    }

    /** Closes the FIFO, as dockerd does when the container has ended. */
    @Override
    public void close() throws IOException {
        fifo.close();
    }
}
