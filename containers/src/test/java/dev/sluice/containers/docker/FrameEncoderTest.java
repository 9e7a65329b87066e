// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.DockerFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Entries become what dockerd can read. */
class FrameEncoderTest {
    private final FrameEncoder encoder = new FrameEncoder();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private byte[] written(Output output, String text, boolean endsLine) throws IOException {
        byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
        out.reset();
        encoder.write(new Entry(output, 7, bytes, 1, bytes.length - 2, endsLine), out);
        return out.toByteArray();
    }

    @Test
    void aLineHasItsNewlineAgain() throws IOException {
        assertThat(written(Output.STDERR, "err", true))
                .isEqualTo(DockerFrames.frame("stderr", 7, "err\n".getBytes(UTF_8)));
    }

    @Test
    void theBytesAreThoseThatDockerdWrites() throws IOException {
        byte[] line = "err".getBytes(UTF_8);
        encoder.write(new Entry(Output.STDERR, 1_771_234_567_890_123_235L, line, 0, 2, true), out);
        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .startsWith("00000017" + "0a06737464657272" + "10")
                .endsWith("1a0365720a");
    }

    @Test
    void anEmptyLineIsANewline() throws IOException {
        assertThat(written(Output.STDOUT, "", true)).isEqualTo(DockerFrames.frame("stdout", 7, new byte[] {'\n'}));
    }

    @Test
    void piecesOfALineAreNumberedAndTheLastOneEndsIt() throws IOException {
        String first = new String(written(Output.STDOUT, "one", false), UTF_8);
        String between = new String(written(Output.STDERR, "else", true), UTF_8);
        String second = new String(written(Output.STDOUT, "two", false), UTF_8);
        String last = new String(written(Output.STDOUT, "three", true), UTF_8);
        // partial (field 4), and metadata (field 5): last, id, ordinal
        assertThat(first).endsWith("\u001a\u0003one" + " \u0001" + "*\r\b\0\u0012\u0007stdout0\u0018\u0001");
        assertThat(between).endsWith("else\n");
        assertThat(second).endsWith("\u001a\u0003two" + " \u0001" + "*\r\b\0\u0012\u0007stdout0\u0018\u0002");
        assertThat(last).endsWith("\u001a\u0006three\n" + " \u0001" + "*\r\b\u0001\u0012\u0007stdout0\u0018\u0003");
        assertThat(new String(written(Output.STDOUT, "x", true), UTF_8)).endsWith("x\n");
    }

    @Test
    void aLongLine() throws IOException {
        String text = "x".repeat(1 << 20);
        assertThat(written(Output.STDOUT, text, true))
                .isEqualTo(DockerFrames.frame("stdout", 7, (text + "\n").getBytes(UTF_8)));
    }
}
