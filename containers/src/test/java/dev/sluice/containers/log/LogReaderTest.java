// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is selected is read, from whatever files a log consists of. */
class LogReaderTest {
    @TempDir
    Path folder;

    private ContainerFolder log;

    /** An entry, kept. */
    private record Kept(Output output, long nanos, String text, boolean endsLine) {
        static Kept of(Entry entry) {
            String text = new String(entry.bytes(), entry.offset(), entry.length(), StandardCharsets.ISO_8859_1);
            return new Kept(entry.output(), entry.nanos(), text, entry.endsLine());
        }
    }

    @BeforeEach
    void makeFolder() throws IOException {
        log = LogFolder.open(folder).container("c");
    }

    private static List<Kept> read(ContainerFolder from, Selection selection) throws IOException {
        List<Kept> all = new ArrayList<>();
        try (LogReader reader = LogReader.open(from, selection)) {
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                all.add(Kept.of(entry));
            }
            assertThat(reader.damagedLines()).isZero();
            assertThat(reader.missedFiles()).isZero();
            assertThat(reader.next()).isNull();
        }
        return all;
    }

    private List<String> texts(Selection selection) throws IOException {
        return read(log, selection).stream().map(Kept::text).toList();
    }

    private void write(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        if (name.endsWith(".gz")) {
            try (OutputStream zipped = new GZIPOutputStream(Files.newOutputStream(log.file(name)))) {
                zipped.write(bytes);
            }
        } else {
            Files.write(log.file(name), bytes);
        }
    }

    /** A line in CRI's format, whose text is its number and whose time is so many seconds. */
    private static String line(int number) {
        String output = number % 2 == 0 ? "stdout" : "stderr";
        return TimeBound.format(number * 1_000_000_000L) + " " + output + " F " + number + "\n";
    }

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        IntStream.range(from, to).forEach(i -> text.append(line(i)));
        return text.toString();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private static Selection all() {
        return Selection.everything();
    }

    /** Four files of 10,000, 100, no and 50 lines; the oldest are compressed. */
    private void writeFour() throws IOException {
        write("container.log.3.gz", lines(0, 10_000));
        write("container.log.2.gz", lines(10_000, 10_100));
        write("container.log.1", "");
        write("container.log", lines(10_100, 10_150));
    }

    @Test
    void allFilesOldestFirst() throws Exception {
        writeFour();
        assertThat(texts(all())).isEqualTo(numbers(0, 10_150));
    }

    /** Somebody has deleted those between: as a rotation does, it passes over as many free numbers. */
    @Test
    void filesBehindAGapAreRead() throws Exception {
        write("container.log." + Rotation.LARGEST_GAP + ".gz", lines(0, 10));
        write("container.log", lines(10, 20));

        List<String> texts = new ArrayList<>();
        try (LogReader reader = LogReader.open(log, all())) {
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                texts.add(Kept.of(entry).text());
            }
        }
        assertThat(texts).isEqualTo(numbers(0, 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 49, 50, 51, 149, 150, 151, 10_149, 10_150, 10_151, 1_000_000})
    void theLastLinesAcrossFiles(int tail) throws Exception {
        writeFour();
        assertThat(texts(all().withTail(tail))).isEqualTo(numbers(Math.max(0, 10_150 - tail), 10_150));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 4_999, 5_000, 5_001, 99_999, 100_000, 100_001})
    void theLastLinesOfALargeFileAreFoundFromItsEnd(int tail) throws Exception {
        write("container.log", lines(0, 100_000));
        assertThat(texts(all().withTail(tail))).isEqualTo(numbers(Math.max(0, 100_000 - tail), 100_000));
    }

    @Test
    void theLastLinesOfThoseThatAreSelected() throws Exception {
        writeFour();
        Selection some = all().withTail(3).withOutputs(EnumSet.of(Output.STDERR));
        assertThat(texts(some)).containsExactly("10145", "10147", "10149");
        assertThat(texts(some.withUntil(10_120_000_000_000L))).containsExactly("10115", "10117", "10119");
        assertThat(texts(some.withSince(10_147_000_000_000L))).containsExactly("10147", "10149");
        assertThat(texts(some.withSince(10_147_000_000_001L))).containsExactly("10149");
    }

    @Test
    void timesBoundWhatIsRead() throws Exception {
        writeFour();
        assertThat(texts(all().withSince(5_000_000_000_000L).withUntil(10_101_000_000_000L)))
                .isEqualTo(numbers(5_000, 10_102));
        assertThat(texts(all().withSince(20_000_000_000_000L))).isEmpty();
        assertThat(texts(all().withUntil(-1))).isEmpty();
    }

    @Test
    void piecesOfALineAreOne() throws Exception {
        String at = TimeBound.format(0);
        write("container.log", at + " stdout F one\n" + at + " stdout P two\n" + at + " stdout P three\n" + at
                + " stdout F four\n" + at + " stdout P five\n");
        assertThat(texts(all().withTail(1))).containsExactly("five");
        assertThat(texts(all().withTail(2))).containsExactly("two", "three", "four", "five");
        assertThat(texts(all().withTail(3))).hasSize(5);
    }

    @Test
    void damagedLinesArePassedOverAndCounted() throws Exception {
        String good = "{\"log\":\"good\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}\n";
        List<String> bad = List.of(
                "", "{", "{}", "nonsense", "\0\0\0\0\0", good.substring(0, 30), good.strip() + "x",
                good.strip().replace("good", "go\\qod"), good.strip().replace("good", "go\\u12"),
                good.strip().replace("stdout", "stdin"), good.strip().replace("2026-01", "2026-99"),
                good.strip().replace("\"stream\"", "\"strom\""), "2026-01-01T00:00:00Z stdout X text",
                "2026-01-01T00:00:00Z stdout F", "[".repeat(100_000), "{\"a\":" + "[".repeat(100_000));
        StringBuilder text = new StringBuilder(good);
        for (String line : bad) {
            text.append(line).append('\n').append(good);
        }
        write("container.log.1", text + "torn");
        write("container.log", good + "{\"log\":\"being writ");
        try (LogReader reader = LogReader.open(log, all())) {
            int count = 0;
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                assertThat(entry.text()).isEqualTo("good");
                count++;
            }
            assertThat(count).isEqualTo(bad.size() + 2);
            assertThat(reader.damagedLines()).isEqualTo(bad.size() + 1);
        }
    }

    @Test
    void othersFieldsArePassedOver() throws Exception {
        write("container.log", " {\"attrs\":{\"a\":[1,{\"b\":\"}\\\"\"}],\"log\":\"no\"},\"n\":-1.5e3,\"t\":true , "
                + "\"time\" : \"2026-01-01T00:00:00+01:00\",\"log\":\"a\\u00e9\\ud83d\\ude00\\ud83d\\n\","
                + "\"stream\":\"stderr\"}\r\n");
        // A line may also begin with a blank; what it is shows all the same.
        byte[] line = Files.readAllBytes(log.file("container.log"));
        Entry entry = Objects.requireNonNull(new JsonLine().parse(line, 1, line.length - 1, true));
        assertThat(entry.text()).isEqualTo("a\u00e9\ud83d\ude00\ufffd");
        assertThat(entry.endsLine()).isTrue();
        assertThat(entry.output()).isEqualTo(Output.STDERR);
    }

    @Test
    void aLineWithoutEndDoesNotFillMemory() throws Exception {
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        try (OutputStream out = Files.newOutputStream(log.file("container.log"))) {
            out.write(line(1).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 40; i++) {
                out.write(block);
            }
            out.write(("\n" + line(2)).getBytes(StandardCharsets.US_ASCII));
        }
        EntryParser parser = EntryParser.ofEntries();
        try (LogPart part = Objects.requireNonNull(LogPart.open(log.file("container.log"), 0))) {
            Lines lines = part.lines(0, parser);
            assertThat(lines.next()).isTrue();
            assertThat(lines.next()).isTrue();
            assertThat(new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.US_ASCII))
                    .isEqualTo(line(2).strip());
            assertThat(lines.next()).isFalse();
            assertThat(lines.takeLeftOut()).isEqualTo(1);
            assertThat(lines.bytes().length).isLessThan(10 << 20);
        }
        try (LogReader reader = LogReader.open(log, all().withTail(2))) {
            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void rawIsEachOutputsBytes() throws Exception {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        write("stdout.log.2.gz", content.substring(0, 400_000));
        write("stdout.log.1", content.substring(400_000, 900_000));
        write("stdout.log", content.substring(900_000));
        write("stderr.log", "one\ntwo\nthree");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Kept entry : read(log, all().withOutputs(EnumSet.of(Output.STDOUT)))) {
            out.write((entry.text() + (entry.endsLine() ? "\n" : "")).getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(read(log, all().withTail(2).withOutputs(EnumSet.of(Output.STDERR))))
                .containsExactly(new Kept(Output.STDERR, 0, "two", true), new Kept(Output.STDERR, 0, "three", false));
        assertThatThrownBy(() -> LogReader.open(log, all().withSince(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("c is kept as raw, and so without times: neither since nor until can be told");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Files.createSymbolicLink(log.file("container.log"), Files.createFile(folder.resolve("secret")));
        assertThatThrownBy(() -> LogReader.open(log, all())).isInstanceOf(IOException.class);
    }

    @Test
    void aLogWithoutFilesIsEmpty() throws Exception {
        assertThat(texts(all())).isEmpty();
        assertThat(texts(all().withTail(5))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void whatIsWrittenIsRead(LogFormat format) throws Exception {
        Random random = new Random(7);
        List<Kept> written = new ArrayList<>();
        long now = 1_700_000_000_000_000_000L;
        try (ContainerLog open = ContainerLog.open(log, LogOptions.of(format))) {
            for (int i = 0; i < 3_000; i++) {
                Output output = format == LogFormat.RAW || random.nextBoolean() ? Output.STDOUT : Output.STDERR;
                byte[] bytes = text(random, format);
                boolean ends = format == LogFormat.RAW || random.nextInt(5) > 0;
                Entry entry = new Entry(output, now + random.nextInt(2_000_000_000), bytes, 0, bytes.length, ends);
                written.add(Kept.of(entry));
                try (Batch batch = open.begin()) {
                    assertThat(batch.add(entry)).isTrue();
                    batch.commit();
                }
            }
        }
        List<Kept> expected = format == LogFormat.RAW
                ? written.stream().map(each -> new Kept(each.output, 0, each.text, true)).toList()
                : written;
        assertThat(read(log, all())).isEqualTo(expected);
    }

    /** Every byte but the newline; for JSON only what is UTF-8, for what is not is replaced there. */
    private static byte[] text(Random random, LogFormat format) {
        byte[] bytes = new byte[random.nextInt(10) == 0 ? 0 : random.nextInt(200)];
        random.nextBytes(bytes);
        if (format == LogFormat.JSON_FILE) {
            int[] points = random.ints(bytes.length, 0, Character.MAX_CODE_POINT + 1)
                    .map(point -> point % 3 == 0 ? point % 128 : point)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .toArray();
            bytes = new String(points, 0, points.length).getBytes(StandardCharsets.UTF_8);
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' ? (byte) '\r' : bytes[i];
        }
        return bytes;
    }
}
