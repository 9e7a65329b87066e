// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Text within a JSON string, as Docker's json-file driver escapes it, which is as Go's encoding/json does: a backslash
 * before {@code "} and {@code \}; {@code \n} and {@code \r}; other control characters, {@code <}, {@code >} and
 * {@code &} by their number; so too U+2028 and U+2029, which end a line in JavaScript; and {@code \ufffd} for each byte
 * that is not of UTF-8.
 */
final class JsonEscapes {
    /** The longest escape. */
    private static final int LONGEST = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] NOT_UTF_8 = "\\ufffd".getBytes(US_ASCII);
    private static final byte[] LINE_SEPARATOR = "\\u202".getBytes(US_ASCII);
    private static final boolean[] PLAIN = new boolean[256];

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    static {
        for (int b = ' '; b < 0x80; b++) {
            PLAIN[b] = b != '"' && b != '\\' && b != '<' && b != '>' && b != '&';
        }
    }

    private JsonEscapes() {}

    /** {@return how many bytes so many bytes need at most} */
    static int most(int length) {
        return Math.multiplyExact(length, LONGEST);
    }

    /** Writes the bytes from {@code start} to {@code end}, and answers where what was written ends. */
    static int write(byte[] from, int start, int end, byte[] to, int at) {
        int i = start;
        int out = at;
        while (i < end) {
            // Most of it is plain: eight bytes at a time, copied before they are known to be.
            while (i + Long.BYTES <= end) {
                long eight = (long) LONGS.get(from, i);
                LONGS.set(to, out, eight);
                if (!isPlain(eight)) {
                    break;
                }
                i += Long.BYTES;
                out += Long.BYTES;
            }
            int next = Math.min(end, i + Long.BYTES);
            while (i < next && PLAIN[from[i] & 0xff]) {
                to[out++] = from[i++];
            }
            if (i < next) {
                if (from[i] >= 0) {
                    out = escape(from[i++], to, out);
                } else {
                    int size = Utf8.size(from, i, end);
                    out = beyondAscii(from, i, size, to, out);
                    i += Math.max(1, size);
                }
            }
        }
        return out;
    }

    /** Whether eight bytes need no escape. A false "no" costs time alone. */
    private static boolean isPlain(long eight) {
        long control = eight - 0x20 * ONES;
        long special = zero(eight ^ '"' * ONES)
                | zero(eight ^ '\\' * ONES)
                | zero(eight ^ '&' * ONES)
                | zero((eight | 2 * ONES) ^ '>' * ONES); // < and > differ in that bit
        return ((eight | control | special) & HIGHS) == 0;
    }

    /** Has the high bit set in the lowest byte that is 0, and perhaps in others above it. */
    private static long zero(long eight) {
        return eight - ONES & ~eight;
    }

    private static int escape(byte b, byte[] to, int at) {
        int out = at;
        to[out++] = '\\';
        switch (b) {
            case '"', '\\' -> to[out++] = b;
            case '\n' -> to[out++] = 'n';
            case '\r' -> to[out++] = 'r';
            default -> {
                to[out++] = 'u';
                to[out++] = '0';
                to[out++] = '0';
                to[out++] = HEX[b >> 4];
                to[out++] = HEX[b & 0xf];
            }
        }
        return out;
    }

    private static int beyondAscii(byte[] from, int i, int size, byte[] to, int at) {
        if (size == 0) {
            System.arraycopy(NOT_UTF_8, 0, to, at, NOT_UTF_8.length);
            return at + NOT_UTF_8.length;
        }
        boolean separator = size == 3 && from[i] == (byte) 0xe2 && from[i + 1] == (byte) 0x80
                && (from[i + 2] & 0xfe) == 0xa8;
        if (separator) {
            System.arraycopy(LINE_SEPARATOR, 0, to, at, LINE_SEPARATOR.length);
            to[at + LINE_SEPARATOR.length] = HEX[from[i + 2] & 0xf];
            return at + LINE_SEPARATOR.length + 1;
        }
        for (int k = 0; k < size; k++) {
            to[at + k] = from[i + k];
        }
        return at + size;
    }
}
