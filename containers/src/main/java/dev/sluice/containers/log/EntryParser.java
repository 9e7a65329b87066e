// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import org.jspecify.annotations.Nullable;

/** Makes entries of a file's lines. */
interface EntryParser {
    /** The longest line that is one: an entry of 1 MiB whose every byte is escaped, and as many attributes. */
    int LONGEST_LINE = 8 << 20;

    /**
     * The entry that a line is.
     *
     * @param bytes hold the line; the entry may share them
     * @param whole whether a newline followed
     * @return it, good until the next call; null if the line is damaged
     */
    @Nullable Entry parse(byte[] bytes, int from, int to, boolean whole);

    /** How many bytes a line may have; longer ones are damaged, or come in pieces. */
    default int longest() {
        return LONGEST_LINE;
    }

    /** Whether a line that is too long, or has no end yet, comes in pieces. */
    default boolean takesPieces() {
        return false;
    }

    /** The parser for {@code container.log}: each line shows which of two formats it has. */
    static EntryParser ofEntries() {
        JsonLine json = new JsonLine();
        return (bytes, from, to, whole) -> from < to && bytes[from] == '{'
                ? json.parse(bytes, from, to, whole)
                : CriLine.parse(bytes, from, to);
    }

    /** The parser for the bytes of one output, as they came. There is no time in them; it is 0. */
    static EntryParser ofRaw(Output output) {
        return new EntryParser() {
            @Override
            public Entry parse(byte[] bytes, int from, int to, boolean whole) {
                return new Entry(output, 0, bytes, from, to - from, whole);
            }

            @Override
            public int longest() {
                return 64 << 10;
            }

            @Override
            public boolean takesPieces() {
                return true;
            }
        };
    }
}
