// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class LineIntakeTest {
    private static final int PIECE = 16 * 1024;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing, '', ''",
        "a line, 'a\n', 'F a'",
        "no newline at the end, 'a\nb', 'F a|P b'",
        "empty lines, '\n\n', 'F |F '",
        "a carriage return stays, 'a\r\n', 'F a\r'",
    })
    void lines(String what, String written, String logged) throws Exception {
        List<String> expected = logged.isEmpty() ? List.of() : List.of(logged.split("\\|", -1));
        assertThat(log(written, written.length())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 2 * PIECE + 1, 40_004, 300_000})
    void longLines(int length) throws Exception {
        String line = "x".repeat(length);
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < length; at += PIECE) {
            boolean last = length - at <= PIECE;
            pieces.add((last ? "F " : "P ") + line.substring(at, last ? length : at + PIECE));
        }
        pieces.add("F after");

        assertThat(log(line + "\nafter\n", length + 7)).isEqualTo(pieces);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4_095, 4_096, 70_000})
    void whateverTheWritesAre(int writeSize) throws Exception {
        Random random = new Random(writeSize);
        StringBuilder written = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(i % 50 == 0 ? 20_000 : 80)];
            random.nextBytes(bytes);
            String line = new String(bytes, ISO_8859_1).replace('\n', ' ');
            written.append(line).append('\n');
            for (int at = 0; at == 0 || at < line.length(); at += PIECE) {
                boolean last = line.length() - at <= PIECE;
                expected.add((last ? "F " : "P ") + line.substring(at, last ? line.length() : at + PIECE));
            }
        }

        assertThat(log(written.toString(), writeSize)).isEqualTo(expected);
    }

    @Test
    void aLineThatHasBegunStaysInThePipe() throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.CRI);
                Pipe pipe = Pipe.open()) {
            Running<Boolean> reading = Logged.read(intake(pipe, logged)::run);
            pipe.sink().write(bytes("whole\nbeg"));
            logged.awaitLines(1);
            reading.interrupt();
            assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);

            ByteBuffer rest = ByteBuffer.allocate(100);
            assertThat(pipe.source().peek(rest, 0)).isEqualTo(3);

            Running<Boolean> again = Logged.read(intake(pipe, logged)::run);
            pipe.sink().write(bytes("un\n"));
            pipe.sink().close();
            again.get();
            assertThat(texts(logged)).containsExactly("F whole", "F begun");
        }
    }

    private List<String> log(String written, int writeSize) throws Exception {
        try (Logged logged = Logged.open(folder, LogFormat.CRI);
                Pipe pipe = Pipe.open()) {
            Running<Boolean> reading = Logged.read(intake(pipe, logged)::run);
            for (int at = 0; at < written.length(); at += writeSize) {
                pipe.sink().write(bytes(written.substring(at, Math.min(written.length(), at + writeSize))));
            }
            pipe.sink().close();
            reading.get();
            assertThat(logged.counters.bytes()).isEqualTo(written.length());
            return texts(logged);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    /** What stands after the time and the output. */
    private static List<String> texts(Logged logged) {
        String marker = " stdout ";
        List<String> texts = new ArrayList<>();
        for (String line : logged.text().split("\n", -1)) {
            if (!line.isEmpty()) {
                texts.add(line.substring(line.indexOf(marker) + marker.length()));
            }
        }
        return texts;
    }

    private static LineIntake intake(Pipe pipe, Logged logged) throws IOException {
        return new LineIntake(pipe.source(), Output.STDOUT, logged.log, logged.attachments, logged.counters);
    }
}
