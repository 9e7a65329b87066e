// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Entries as they are to lie in a file, and where each ends. Written by encoders, which make room first and then fill
 * {@link #bytes} from {@link #length} on.
 *
 * <p>A few are kept for the next user, so that hundreds of logs need none while nothing is written.
 */
final class EntryBuffer {
    private static final int FIRST_BYTES = 64 * 1024;
    private static final int MOST_KEPT_BYTES = 512 * 1024;
    private static final int MOST_KEPT = 8;
    private static final ArrayDeque<EntryBuffer> KEPT = new ArrayDeque<>();

    byte[] bytes = new byte[FIRST_BYTES];
    int length;
    private int[] ends = new int[1024];
    private int[] texts = new int[1024];
    private int count;

    private EntryBuffer() {}

    static EntryBuffer acquire() {
        synchronized (KEPT) {
            EntryBuffer kept = KEPT.pollLast();
            return kept != null ? kept : new EntryBuffer();
        }
    }

    static void release(EntryBuffer buffer) {
        buffer.clear();
        if (buffer.bytes.length > MOST_KEPT_BYTES) {
            return;
        }
        synchronized (KEPT) {
            if (KEPT.size() < MOST_KEPT) {
                KEPT.addLast(buffer);
            }
        }
    }

    void clear() {
        length = 0;
        count = 0;
    }

    /** Makes room for so many bytes more. */
    void ensure(long room) {
        long wanted = length + room;
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(wanted, 2L * bytes.length)));
        }
    }

    void append(byte[] some, int offset, int count) {
        ensure(count);
        System.arraycopy(some, offset, bytes, length, count);
        length += count;
    }

    /** An entry ends here; so many bytes of text are in it. */
    void endEntry(int text) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            texts = Arrays.copyOf(texts, 2 * count);
        }
        ends[count] = length;
        texts[count++] = text;
    }

    /** Takes the last entry out, which began there. */
    void removeLast(int began) {
        length = began;
        count--;
    }

    int entries() {
        return count;
    }

    /** {@return where the last entry ends that lies within so many bytes} */
    int entryEnd(int written) {
        int entries = countWithin(written);
        return entries == 0 ? 0 : ends[entries - 1];
    }

    /** {@return where the last line ends that lies within so many bytes} */
    int lineEnd(int written) {
        int end = written;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** {@return how many entries lie within so many bytes} */
    int countWithin(int written) {
        int at = Arrays.binarySearch(ends, 0, count, written);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** {@return the bytes of text after so many bytes} These end an entry, or are within one of raw bytes. */
    long textAfter(int kept) {
        long sum = (long) entryEnd(kept) - kept;
        for (int i = countWithin(kept); i < count; i++) {
            sum += texts[i];
        }
        return sum;
    }
}
