// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** Goes over the tokens of one JSON object (RFC 8259); each call says whether it found what it was to find. */
final class JsonScan {
    private static final int DEEPEST = 64;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int from;
    private int to;

    void start(byte[] line, int first, int past) {
        bytes = line;
        at = first;
        end = past;
    }

    /** Where the string that was found last begins, behind its quote. */
    int from() {
        return from;
    }

    /** Where it ends, before its quote. */
    int to() {
        return to;
    }

    boolean isAtEnd() {
        blanks();
        return at == end;
    }

    /** Takes a character, if it is the next one. */
    boolean take(char wanted) {
        blanks();
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes a string. Its escapes are left as they are. */
    boolean string() {
        if (!take('"')) {
            return false;
        }
        from = at;
        for (; at < end; at++) {
            byte b = bytes[at];
            if (b == '"') {
                to = at++;
                return true;
            }
            if (b == '\\') {
                at++;
            }
        }
        return false;
    }

    /** Passes over any value. */
    boolean skipValue() {
        int depth = 0;
        do {
            blanks();
            if (at >= end) {
                return false;
            }
            switch (bytes[at]) {
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                case ',', ':' -> {
                    if (depth == 0) {
                        return false;
                    }
                    at++;
                }
                case '"' -> {
                    if (!string()) {
                        return false;
                    }
                }
                default -> {
                    if (!word()) {
                        return false;
                    }
                }
            }
        } while (depth > 0 && depth < DEEPEST);
        return depth == 0;
    }

    /** A number, true, false or null. */
    private boolean word() {
        int first = at;
        while (at < end && isOfWord(bytes[at])) {
            at++;
        }
        return at > first;
    }

    private static boolean isOfWord(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || b == '-' || b == '+' || b == '.' || b == 'E';
    }

    private void blanks() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
    }
}
