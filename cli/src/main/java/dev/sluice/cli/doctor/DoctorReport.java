// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.cli.doctor.Finding.Health;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What {@code sluice doctor} found, written down. */
final class DoctorReport {
    private DoctorReport() {}

    static Health worst(List<Finding> findings) {
        return findings.stream().map(Finding::health).max(Comparator.naturalOrder()).orElse(Health.OK);
    }

    /** For people: a line for each, under headings, and a last one that sums up. */
    static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        String topic = "";
        for (Finding finding : findings) {
            if (!finding.topic().equals(topic)) {
                topic = finding.topic();
                text.append(topic).append('\n');
            }
            text.append(String.format(
                    Locale.ROOT, "  %-6s  %-31s %s%n", finding.health().word(), finding.name(), finding.detail()));
        }
        return text.append(sum(findings)).append('\n').toString();
    }

    private static String sum(List<Finding> findings) {
        return switch (worst(findings)) {
            case OK -> "All is well.";
            case SLOWER -> "All works, some of it slower than it could be.";
            case BROKEN -> "Something that Sluice needs is missing, or does not do what it should.";
        };
    }

    /** For programs: one line. */
    static String json(List<Finding> findings) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("health", worst(findings).word());
            json.writeArrayFieldStart("findings");
            for (Finding finding : findings) {
                json.writeStartObject();
                json.writeStringField("topic", finding.topic());
                json.writeStringField("name", finding.name());
                json.writeStringField("health", finding.health().word());
                json.writeStringField("detail", finding.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return line.append('\n').toString();
    }
}
