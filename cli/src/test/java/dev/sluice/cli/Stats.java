// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --stats=json} has said.
 *
 * @param bytes that were taken from the source
 */
record Stats(long bytes, String end, List<Row> rows) {
    private static final Pattern WHOLE = Pattern.compile(
            "\\{\"bytes\":(\\d+),\"spliced\":(\\d+),\"copied\":(\\d+),\"seconds\":[0-9.]+,\"end\":\"([a-z-]+)\",.*}");
    private static final Pattern ROW = Pattern.compile(
            "\\{\"address\":\"([^\"]*)\",\"bytes\":(\\d+),\"skipped\":(\\d+),(?:\"readers\":(\\d+),)?\"end\":\"([a-z-]+)\"}");

    /** Of one destination. A tap's skipped bytes are those of its readers, of which there may be none. */
    record Row(String address, long bytes, long skipped, long readers, String end) {
        private static Row of(MatchResult row) {
            String readers = row.group(4);
            return new Row(
                    row.group(1),
                    Long.parseLong(row.group(2)),
                    Long.parseLong(row.group(3)),
                    readers == null ? -1 : Long.parseLong(readers),
                    row.group(5));
        }

        private boolean isTap() {
            return readers >= 0;
        }
    }

    /** Reads the last line, and asserts that all of it adds up. */
    static Stats of(String err) {
        String last = err.substring(err.stripTrailing().lastIndexOf('\n') + 1).strip();
        Matcher whole = WHOLE.matcher(last);
        assertThat(whole.matches()).as(err).isTrue();
        long bytes = Long.parseLong(whole.group(1));
        assertThat(Long.parseLong(whole.group(2)) + Long.parseLong(whole.group(3))).isEqualTo(bytes);
        Stats stats = new Stats(
                bytes, whole.group(4), ROW.matcher(last).results().map(Row::of).toList());
        assertThat(stats.rows).isNotEmpty();
        stats.rows.stream()
                .filter(row -> !row.isTap())
                .forEach(row -> assertThat(row.bytes + row.skipped).as(err).isEqualTo(bytes));
        return stats;
    }

    Row row(int number) {
        return rows.get(number);
    }
}
