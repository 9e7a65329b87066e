// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.cli.Sizes;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a copy did: {@code --stats}. */
record Summary(long bytes, long spliced, long nanos, Ending ending, List<Row> destinations) {
    /** How it is written. */
    enum Form {
        NONE,
        TEXT,
        JSON
    }

    /** For people: a line, and one more for each destination where there are several. */
    List<String> text() {
        List<String> lines = new ArrayList<>(List.of(whole()));
        if (destinations.size() > 1 || destinations.getFirst().isTap()) {
            destinations.forEach(row -> lines.add(line(row)));
        }
        return lines;
    }

    private static String line(Row row) {
        String readers = row.readers() == 1 ? " to 1 reader" : " to " + row.readers() + " readers";
        return String.format(
                Locale.ROOT,
                "%s: %,d bytes%s, %,d skipped; %s",
                row.address(), row.bytes(), row.isTap() ? readers : "", row.skipped(), words(row.end()));
    }

    private static String words(String end) {
        return end.replace('-', ' ');
    }

    private String whole() {
        double seconds = nanos / 1e9;
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%,d bytes", bytes));
        if (bytes >= 1024) {
            text.append(" (").append(Sizes.format(bytes)).append(')');
        }
        text.append(String.format(Locale.ROOT, " in %.3f s", seconds));
        if (bytes > 0) {
            text.append(", ").append(Sizes.format(bytes / seconds)).append("/s, ");
            text.append(100 * spliced / bytes).append(" % spliced");
        }
        return text.append("; ").append(words(ending.word())).toString();
    }

    /** For programs: one line. */
    String json() throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeNumberField("bytes", bytes);
            json.writeNumberField("spliced", spliced);
            json.writeNumberField("copied", bytes - spliced);
            json.writeNumberField(
                    "seconds", BigDecimal.valueOf(nanos, 9).setScale(6, RoundingMode.HALF_UP));
            json.writeStringField("end", ending.word());
            json.writeArrayFieldStart("destinations");
            for (Row row : destinations) {
                json.writeStartObject();
                json.writeStringField("address", row.address());
                json.writeNumberField("bytes", row.bytes());
                json.writeNumberField("skipped", row.skipped());
                if (row.isTap()) {
                    json.writeNumberField("readers", row.readers());
                }
                json.writeStringField("end", row.end());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return line.toString();
    }
}
