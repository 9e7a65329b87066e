// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.cli.Sizes;
import dev.sluice.containers.log.ContainerNames.Named;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.JsonText;
import dev.sluice.containers.log.LogSize;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A container in a list; what is not known is empty, or {@code unknown} where it is the state. */
record ListRow(String id, String name, String state, String format, long bytes, long dropped, String started) {
    private static final List<String> HEADINGS =
            List.of("ID", "NAME", "STATE", "FORMAT", "SIZE", "DROPPED", "STARTED");

    static ListRow of(Named named) throws IOException {
        String id = named.folder().id();
        long bytes = LogSize.of(named.folder());
        ContainerState state = named.state();
        if (state == null) {
            return new ListRow(id, named.name(), "unknown", "", bytes, 0, "");
        }
        return new ListRow(
                id,
                named.name(),
                state.isLive() ? "live" : "ended",
                state.description().options().format().label(),
                bytes,
                state.droppedEntries(),
                state.started().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** For programs: a line for each. */
    static String json(List<ListRow> rows) {
        StringBuilder text = new StringBuilder();
        for (ListRow row : rows) {
            text.append(new JsonText()
                            .add("id", row.id)
                            .add("name", row.name)
                            .add("state", row.state)
                            .add("format", row.format)
                            .add("bytes", row.bytes)
                            .add("dropped", row.dropped)
                            .add("started", row.started))
                    .append('\n');
        }
        return text.toString();
    }

    /** For people: columns. */
    static String table(List<ListRow> rows) {
        List<List<String>> cells =
                rows.stream().map(ListRow::cells).toList();
        int[] widths = new int[HEADINGS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = HEADINGS.get(column).length();
            for (List<String> row : cells) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        line(text, HEADINGS, widths);
        cells.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private List<String> cells() {
        return List.of(
                printable(id), printable(name), state, format, Sizes.format(bytes), String.valueOf(dropped), started);
    }

    /** A name may be anything that somebody has typed; it must not move the cursor. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static void line(StringBuilder text, List<String> row, int[] widths) {
        for (int column = 0; column < widths.length; column++) {
            text.append(row.get(column));
            if (column < widths.length - 1) {
                text.repeat(' ', widths[column] - row.get(column).length() + 2);
            }
        }
        text.append('\n');
    }
}
