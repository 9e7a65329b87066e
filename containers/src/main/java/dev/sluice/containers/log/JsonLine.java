// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import org.jspecify.annotations.Nullable;

/**
 * A line of Docker's json-file: an object with {@code log}, {@code stream} and {@code time} in any order; what else is
 * in it is passed over. It is read from the bytes as they are, since a parser for any JSON takes several times as long.
 */
final class JsonLine implements EntryParser {
    private final JsonScan scan = new JsonScan();

    @Override
    public @Nullable Entry parse(byte[] bytes, int from, int to, boolean whole) {
        scan.start(bytes, from, to);
        if (!scan.take('{')) {
            return null;
        }
        int logFrom = from; // Docker leaves out an empty text
        int logTo = from;
        long nanos = TimeField.NONE;
        Output output = null;
        do {
            if (!scan.string()) {
                return null;
            }
            int key = scan.from();
            int keyEnd = scan.to();
            if (!scan.take(':')) {
                return null;
            }
            if (is("log", bytes, key, keyEnd)) {
                if (!scan.string()) {
                    return null;
                }
                logFrom = scan.from();
                logTo = scan.to();
            } else if (is("stream", bytes, key, keyEnd)) {
                if (!scan.string()) {
                    return null;
                }
                output = OutputField.parse(bytes, scan.from(), scan.to());
            } else if (is("time", bytes, key, keyEnd)) {
                if (!scan.string()) {
                    return null;
                }
                nanos = TimeField.parse(bytes, scan.from(), scan.to());
            } else if (!scan.skipValue()) {
                return null;
            }
        } while (scan.take(','));
        if (!scan.take('}') || !scan.isAtEnd() || output == null || nanos == TimeField.NONE) {
            return null;
        }
        return entry(output, nanos, bytes, logFrom, logTo);
    }

    private @Nullable Entry entry(Output output, long nanos, byte[] bytes, int from, int to) {
        // Escapes only shrink: the text is unescaped where it stands.
        int end = JsonEscape.decode(bytes, from, to);
        if (end < 0) {
            return null;
        }
        boolean endsLine = end > from && bytes[end - 1] == '\n';
        return new Entry(output, nanos, bytes, from, end - from - (endsLine ? 1 : 0), endsLine);
    }

    private static boolean is(String key, byte[] bytes, int from, int to) {
        if (to - from != key.length()) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            if (bytes[from + i] != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
