// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** The escapes of a JSON string (RFC 8259, section 7), to UTF-8. */
final class JsonEscape {
    private static final int REPLACEMENT = 0xfffd;

    private JsonEscape() {}

    /**
     * Unescapes a string in place.
     *
     * @return where it ends now; -1 if an escape is none
     */
    static int decode(byte[] bytes, int from, int to) {
        int in = from;
        while (in < to && bytes[in] != '\\') {
            in++;
        }
        int out = in;
        while (in < to) {
            byte b = bytes[in++];
            if (b != '\\') {
                bytes[out++] = b;
                continue;
            }
            if (in == to) {
                return -1;
            }
            byte kind = bytes[in++];
            if (kind != 'u') {
                int plain = plain(kind);
                if (plain < 0) {
                    return -1;
                }
                bytes[out++] = (byte) plain;
                continue;
            }
            int unit = hex(bytes, in, to);
            if (unit < 0) {
                return -1;
            }
            in += 4;
            int point = unit;
            if (Character.isSurrogate((char) unit)) {
                point = REPLACEMENT;
                if (Character.isHighSurrogate((char) unit) && isUnicode(bytes, in, to)) {
                    int low = hex(bytes, in + 2, to);
                    if (low >= 0 && Character.isLowSurrogate((char) low)) {
                        point = Character.toCodePoint((char) unit, (char) low);
                        in += 6;
                    }
                }
            }
            out = utf8(bytes, out, point);
        }
        return out;
    }

    private static boolean isUnicode(byte[] bytes, int from, int to) {
        return from + 6 <= to && bytes[from] == '\\' && bytes[from + 1] == 'u';
    }

    private static int plain(byte kind) {
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> -1;
        };
    }

    private static int hex(byte[] bytes, int from, int to) {
        if (from + 4 > to) {
            return -1;
        }
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit((char) bytes[i], 16);
            if (bytes[i] < 0 || digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    /** At most four bytes, and they stood for six or twelve. */
    private static int utf8(byte[] bytes, int at, int point) {
        int out = at;
        if (point < 0x80) {
            bytes[out++] = (byte) point;
        } else if (point < 0x800) {
            bytes[out++] = (byte) (0xc0 | (point >> 6));
            bytes[out++] = (byte) (0x80 | (point & 0x3f));
        } else {
            if (point < 0x10000) {
                bytes[out++] = (byte) (0xe0 | (point >> 12));
            } else {
                bytes[out++] = (byte) (0xf0 | (point >> 18));
                bytes[out++] = (byte) (0x80 | ((point >> 12) & 0x3f));
            }
            bytes[out++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            bytes[out++] = (byte) (0x80 | (point & 0x3f));
        }
        return out;
    }
}
