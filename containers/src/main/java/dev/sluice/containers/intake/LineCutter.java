// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, and lines that are longer than 16 KiB into pieces of that size, as dockerd and the
 * kubelet do.
 */
final class LineCutter implements EntryDecoder {
    /** The longest piece. */
    static final int LONGEST = 16 * 1024;

    private final Output output;
    private byte[] array = {};
    private int position;
    private int end;
    private long nanos;

    LineCutter(Output output) {
        this.output = output;
    }

    @Override
    public void feed(byte[] bytes, int from, int to, long now) {
        array = Objects.requireNonNull(bytes);
        position = from;
        end = to;
        nanos = now;
    }

    /** One byte more than a piece is looked at: a line of just 16 KiB is to end with its newline, not with a piece. */
    @Override
    public @Nullable Entry next() {
        int stop = Math.min(end, position + LONGEST + 1);
        for (int i = position; i < stop; i++) {
            if (array[i] == '\n') {
                Entry line = new Entry(output, nanos, array, position, i - position, true);
                position = i + 1;
                return line;
            }
        }
        return end - position > LONGEST ? piece(LONGEST) : null;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public int needed() {
        return end - position + 1;
    }

    @Override
    public @Nullable Entry rest() {
        return position == end ? null : piece(end - position);
    }

    @Override
    public boolean isDivisible() {
        return true;
    }

    private Entry piece(int length) {
        Entry piece = new Entry(output, nanos, array, position, length, false);
        position += length;
        return piece;
    }
}
