// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.cli.Sizes;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * What a copy did: {@code --stats}.
 *
 * @param destination its address, as the user wrote it
 */
record Summary(long bytes, long spliced, long nanos, Ending ending, String destination) {
    /** How it is written. */
    enum Form {
        NONE,
        TEXT,
        JSON
    }

    /** For people. */
    String text() {
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
        return text.append("; ").append(ending.word().replace('-', ' ')).toString();
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
            json.writeStartObject();
            json.writeStringField("address", destination);
            json.writeNumberField("bytes", bytes);
            json.writeNumberField("skipped", 0);
            json.writeStringField("end", ending.word());
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        return line.toString();
    }
}
