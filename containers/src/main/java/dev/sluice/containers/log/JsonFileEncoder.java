// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON object a line, byte for byte as Docker's json-file driver writes it:
 * {@code {"log":"...\n","stream":"stdout","attrs":{...},"time":"..."}}. Without attributes there is no {@code attrs},
 * and of an entry with neither text nor newline no {@code log}. Attributes are in the order of their keys.
 */
final class JsonFileEncoder implements EntryEncoder {
    private static final byte[] LOG = ascii("{\"log\":\"");

    private final byte[][] afterText = new byte[2][];
    private final byte[][] withoutText = new byte[2][];
    private final TimeText time = new TimeText();

    JsonFileEncoder(Map<String, String> attributes) {
        String attrs = attributes.isEmpty() ? "" : "\"attrs\":" + object(attributes) + ",";
        for (Output output : Output.values()) {
            String rest = "\"stream\":\"" + output.label() + "\"," + attrs + "\"time\":\"";
            afterText[output.ordinal()] = ("\"," + rest).getBytes(UTF_8);
            withoutText[output.ordinal()] = ("{" + rest).getBytes(UTF_8);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(UTF_8);
    }

    private static String object(Map<String, String> attributes) {
        StringBuilder text = new StringBuilder("{");
        new TreeMap<>(attributes).forEach((key, value) -> text.append(text.length() == 1 ? "" : ",")
                .append(string(key))
                .append(':')
                .append(string(value)));
        return text.append('}').toString();
    }

    private static String string(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] quoted = new byte[JsonEscapes.most(bytes.length)];
        int end = JsonEscapes.write(bytes, 0, bytes.length, quoted, 0);
        return '"' + new String(quoted, 0, end, UTF_8) + '"';
    }

    @Override
    public void encode(Entry entry, EntryBuffer to) {
        boolean hasText = entry.length() > 0 || entry.endsLine();
        byte[] middle = (hasText ? afterText : withoutText)[entry.output().ordinal()];
        to.ensure(LOG.length + (long) JsonEscapes.most(entry.length()) + 2 + middle.length + TimeText.MOST + 3);
        byte[] bytes = to.bytes;
        int at = to.length;
        if (hasText) {
            System.arraycopy(LOG, 0, bytes, at, LOG.length);
            at = JsonEscapes.write(
                    entry.bytes(), entry.offset(), entry.offset() + entry.length(), bytes, at + LOG.length);
            if (entry.endsLine()) {
                bytes[at++] = '\\';
                bytes[at++] = 'n';
            }
        }
        System.arraycopy(middle, 0, bytes, at, middle.length);
        at = time.write(entry.nanos(), bytes, at + middle.length);
        bytes[at++] = '"';
        bytes[at++] = '}';
        bytes[at++] = '\n';
        to.length = at;
        to.endEntry(entry.length());
    }
}
