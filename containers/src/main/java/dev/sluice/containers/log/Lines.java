// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * The lines of a file, one after the other. At its end it can be asked again, when the file has grown.
 *
 * <p>A line that is too long is handed out in pieces where those are wanted, and else left out and counted: memory is
 * bounded whatever a file holds.
 */
final class Lines {
    private static final int BLOCK = 64 << 10;

    private final ReadableByteChannel channel;
    private final int longest;
    private final boolean pieces;

    /** {@code start} to {@code end} has not been handed out, and has no newline before {@code searched}. */
    private byte[] buffer = new byte[BLOCK];

    private int start;
    private int searched;
    private int end;
    /** Where in the file {@code start} is. */
    private long offset;

    private boolean leavingOut;
    private long leftOut;
    private int from;
    private int to;
    private boolean whole;

    /**
     * @param channel which is at that offset
     * @param offset in the file
     */
    Lines(ReadableByteChannel channel, long offset, EntryParser parser) {
        this.channel = channel;
        this.offset = offset;
        this.longest = parser.longest();
        this.pieces = parser.takesPieces();
    }

    /** What holds the line, until the next call. */
    byte[] bytes() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether a newline followed. */
    boolean isWhole() {
        return whole;
    }

    /** Where in the file the line begins. */
    long lineOffset() {
        return offset - (to - from) - (whole ? 1 : 0);
    }

    /** Where in the file the next line begins. */
    long offset() {
        return offset;
    }

    /** Whether a line without an end stands at the end of the file. */
    boolean hasRest() {
        return end > start || leavingOut;
    }

    /** How many lines were left out since this was asked last. */
    long takeLeftOut() {
        long count = leftOut;
        leftOut = 0;
        return count;
    }

    /** Reads again from an offset at which the channel is now. */
    void restart(long at) {
        offset = at;
        start = 0;
        searched = 0;
        end = 0;
        leavingOut = false;
    }

    /**
     * Goes to the next line.
     *
     * @return whether there is one: false at the end of the file as it is now
     */
    boolean next() throws IOException {
        for (;;) {
            while (searched < end) {
                if (buffer[searched++] == '\n') {
                    hand(searched - 1, searched, true);
                    if (!leavingOut) {
                        return true;
                    }
                    leavingOut = false;
                    leftOut++;
                }
            }
            if (end - start >= longest) {
                hand(end, end, false);
                if (pieces) {
                    return true;
                }
                leavingOut = true;
            }
            if (!fill()) {
                if (pieces && end > start) {
                    hand(end, end, false);
                    return true;
                }
                return false;
            }
        }
    }

    private void hand(int lineEnd, int nextStart, boolean newline) {
        from = start;
        to = lineEnd;
        whole = newline;
        offset += nextStart - start;
        start = nextStart;
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            searched -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, longest + BLOCK));
        }
        int count = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
        if (count <= 0) {
            return false;
        }
        end += count;
        return true;
    }
}
