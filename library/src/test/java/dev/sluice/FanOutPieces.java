// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether what a destination got are pieces of a text, in order, of which no two pieces are alike. */
final class FanOutPieces {
    private static final int[] WINDOWS = {32, 16, 8, 5};

    private FanOutPieces() {}

    /** In how many pieces it is. */
    static int count(String text, String got, boolean late) {
        int pieces = 0;
        int from = 0;
        for (int done = 0; done < got.length(); pieces++) {
            int start = done == 0 && !late ? 0 : find(text, got, done, from);
            int length = 0;
            while (done + length < got.length()
                    && start + length < text.length()
                    && got.charAt(done + length) == text.charAt(start + length)) {
                length++;
            }
            assertThat(length).as("found at %d what was got at %d", start, done).isPositive();
            done += length;
            from = start + length;
        }
        return pieces;
    }

    private static int find(String text, String got, int done, int from) {
        for (int window : WINDOWS) {
            int end = Math.min(done + window, got.length());
            int found = text.indexOf(got.substring(done, end), from);
            if (found >= 0) {
                return found;
            }
        }
        throw new AssertionError("what was got at %d is not in the text after %d".formatted(done, from));
    }

    /**
     * @param fromStart whether it begins where the text does, or else perhaps in a line
     * @param toEnd whether it ends with a line, or else perhaps in one
     */
    static void requireLines(String text, String got, boolean fromStart, boolean toEnd) {
        int from = 0;
        for (int done = 0; done < got.length(); ) {
            int newline = got.indexOf('\n', done);
            String line = got.substring(done, newline < 0 ? got.length() : newline + 1);
            int start = text.startsWith(line, from) ? from : text.indexOf(line, from);
            assertThat(start).as("a line at %d: %s", done, line).isGreaterThanOrEqualTo(0);
            boolean first = done == 0;
            if (!first || fromStart) {
                while (start > 0 && text.charAt(start - 1) != '\n') {
                    start = text.indexOf(line, start + 1); // the same text in mid-line
                    assertThat(start).as("begins a line, at %d: %s", done, line).isPositive();
                }
            }
            if (newline < 0) {
                assertThat(!toEnd || start + line.length() == text.length()).as("ends a line: %s", line).isTrue();
            }
            from = start + line.length();
            done += line.length();
        }
    }
}
