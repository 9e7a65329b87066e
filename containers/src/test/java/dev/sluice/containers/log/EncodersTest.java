// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodersTest {
    private static byte[] encode(EntryEncoder encoder, Entry entry) {
        EntryBuffer buffer = EntryBuffer.acquire();
        try {
            encoder.encode(entry, buffer);
            byte[] bytes = new byte[buffer.length];
            System.arraycopy(buffer.bytes, 0, bytes, 0, bytes.length);
            return bytes;
        } finally {
            EntryBuffer.release(buffer);
        }
    }

    private static String json(Entry entry) {
        return new String(encode(new JsonFileEncoder(Map.of()), entry), UTF_8);
    }

    private static String escaped(byte[] text) {
        String line = json(new Entry(Output.STDOUT, 0, text, 0, text.length, false));
        return line.substring("{'log':'".length(), line.indexOf("\",\"stream\":"));
    }

    @Test
    void aLineOfJsonFileIsAsDockersIs() {
        assertThat(json(Logs.line("hello")))
                .isEqualTo("{\"log\":\"hello\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-30T00:53:20.123456Z\"}\n");
    }

    @Test
    void aPieceHasNoNewline() {
        assertThat(json(Logs.entry(Output.STDERR, "hel", false)))
                .startsWith("{\"log\":\"hel\",\"stream\":\"stderr\",");
    }

    @Test
    void withNeitherTextNorNewlineThereIsNoLog() {
        assertThat(json(Logs.entry(Output.STDERR, "", false))).startsWith("{\"stream\":\"stderr\",");
        assertThat(json(Logs.line(""))).startsWith("{\"log\":\"\\n\",\"stream\":\"stdout\",");
    }

    @Test
    void attributesComeBeforeTheTimeInTheOrderOfTheirKeys() {
        JsonFileEncoder encoder = new JsonFileEncoder(Map.of("tag", "<t>", "app", "\"x\""));

        assertThat(new String(encode(encoder, Logs.line("a")), UTF_8))
                .startsWith("{\"log\":\"a\\n\",\"stream\":\"stdout\",\"attrs\":{\"app\":\"\\\"x\\\"\","
                        + "\"tag\":\"\\u003ct\\u003e\"},\"time\":\"");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "22, \\\"", "5c, \\\\", "0a, \\n", "0d, \\r", "09, \\u0009", "00, \\u0000", "1f, \\u001f",
                "3c, \\u003c", "3e, \\u003e", "26, \\u0026", "27, '", "7f, \u007f", "c3a9, é",
                "e280a8, \\u2028", "e280a9, \\u2029", "e280aa, \u202a", "f09f9880, \ud83d\ude00",
                "ff, \\ufffd", "80, \\ufffd", "c3, \\ufffd", "e282, \\ufffd\\ufffd", "c328, \\ufffd(",
                "c080, \\ufffd\\ufffd", "eda080, \\ufffd\\ufffd\\ufffd", "f4908080, \\ufffd\\ufffd\\ufffd\\ufffd",
                "f8888080, \\ufffd\\ufffd\\ufffd\\ufffd", "efbfbd, \ufffd", "e0808a, \\ufffd\\ufffd\\ufffd"
            })
    void escapesAsGoDoes(String hex, String expected) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);

        assertThat(escaped(bytes)).isEqualTo(expected);
        for (int before = 0; before < 17; before++) {
            byte[] shifted = ("x".repeat(before) + new String(bytes, ISO_8859_1) + "yz").getBytes(ISO_8859_1);
            assertThat(escaped(shifted)).isEqualTo("x".repeat(before) + expected + "yz");
        }
    }

    @Test
    void whateverTheBytesAreTheLineIsJsonAndSaysTheSame() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            int kind = random.nextInt(3);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) switch (kind) {
                    case 0 -> random.nextInt(256);
                    case 1 -> 32 + random.nextInt(96);
                    default -> random.nextInt(16) == 0 ? random.nextInt(256) : 'a' + random.nextInt(26);
                };
            }
            JsonNode node = ContainerJson.parse(
                    json(new Entry(Output.STDOUT, Logs.NANOS, bytes, 0, bytes.length, true)));
            String text = node.get("log").textValue();
            String lenient = text.substring(0, text.length() - 1);

            assertThat(text).endsWith("\n");
            if (isUtf8(bytes)) {
                assertThat(lenient.getBytes(UTF_8)).isEqualTo(bytes);
            } else {
                assertThat(lenient).contains("\ufffd");
            }
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (java.nio.charset.CharacterCodingException malformed) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "1, 1970-01-01T00:00:00.000000001Z",
        "100000000, 1970-01-01T00:00:00.1Z",
        "999999990, 1970-01-01T00:00:00.99999999Z",
        "1709164800000000000, 2024-02-29T00:00:00Z",
        "-1, 1969-12-31T23:59:59.999999999Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z"
    })
    void timesHaveNoZerosAtTheEnd(long nanos, String expected) {
        byte[] text = new byte[TimeText.MOST];

        assertThat(new String(text, 0, new TimeText().write(nanos, text, 0), UTF_8)).isEqualTo(expected);
    }

    @Test
    void timesOfManySecondsAreRight() {
        Random random = new Random(1);
        TimeText time = new TimeText();
        byte[] text = new byte[TimeText.MOST];
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong();
            String written = new String(text, 0, time.write(nanos, text, 0), UTF_8);

            assertThat(Instant.parse(written)).isEqualTo(Instant.ofEpochSecond(0, nanos));
        }
    }

    @Test
    void criSaysWhetherTheLineIsFull() {
        assertThat(new String(encode(new CriEncoder(), Logs.line("a b")), UTF_8))
                .isEqualTo("2026-11-30T00:53:20.123456Z stdout F a b\n");
        assertThat(new String(encode(new CriEncoder(), Logs.entry(Output.STDERR, "", false)), UTF_8))
                .isEqualTo("2026-11-30T00:53:20.123456Z stderr P \n");
    }

    @Test
    void aNewlineWithinAnEntryEndsALineOfCri() {
        assertThat(new String(encode(new CriEncoder(), Logs.entry(Output.STDOUT, "a\n\nb", false)), UTF_8))
                .isEqualTo("2026-11-30T00:53:20.123456Z stdout F a\n2026-11-30T00:53:20.123456Z stdout F \n"
                        + "2026-11-30T00:53:20.123456Z stdout P b\n");
    }

    @Test
    void rawIsTheBytesAlone() {
        byte[] bytes = {0, (byte) 0xff, '\r', 7, 9};
        Entry middle = new Entry(Output.STDOUT, 0, bytes, 1, 3, true);

        assertThat(encode(new RawEncoder(), middle)).isEqualTo(new byte[] {(byte) 0xff, '\r', 7, '\n'});
    }
}
