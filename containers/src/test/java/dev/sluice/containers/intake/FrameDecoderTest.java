// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.DockerFrames;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private final FrameDecoder decoder = new FrameDecoder();

    @Test
    void whatDockerdWrote() throws Exception {
        feed(hex("00000017 0a06737464657272 10e3fae2d1b8ccaff518 1a03657272"));

        Entry entry = Objects.requireNonNull(decoder.next());


        assertThat(entry.output()).isEqualTo(Output.STDERR);
        assertThat(entry.nanos()).isEqualTo(1_795_456_736_190_578_019L);
        assertThat(entry.text()).isEqualTo("err");
        assertThat(entry.endsLine()).isTrue();
        assertThat(decoder.next()).isNull();
        assertThat(decoder.position()).isEqualTo(27);
    }

    @Test
    void severalInOneArrayAndTheRestStays() throws Exception {
        byte[] whole = join(frame("stdout", "one"), frame("stdout", ""), frame("stderr", "three"));
        byte[] next = frame("stdout", "next");
        byte[] bytes = join(whole, next);
        decoder.feed(bytes, 0, bytes.length - 1);

        assertThat(texts()).containsExactly("STDOUT one", "STDOUT ", "STDERR three");
        assertThat(decoder.position()).isEqualTo(whole.length);
        assertThat(decoder.needed()).isEqualTo(next.length);

        decoder.feed(bytes, whole.length, bytes.length);
        assertThat(texts()).containsExactly("STDOUT next");
    }

    @Test
    void everyCutIsFound() throws Exception {
        byte[] one = frame("stderr", "a line");
        for (int length = 0; length < one.length; length++) {
            decoder.feed(one, 0, length);
            assertThat(decoder.next()).isNull();
            assertThat(decoder.position()).isZero();
            assertThat(decoder.needed()).isEqualTo(length < FrameFields.HEADER ? FrameFields.HEADER : one.length);
        }
    }

    @Test
    void aFrameInTheMiddleOfAnArray() throws Exception {
        byte[] frame = frame("stderr", "in the middle");
        byte[] bytes = join(new byte[] {1, 2, 3}, frame, new byte[] {4, 5});
        decoder.feed(bytes, 3, 3 + frame.length);

        assertThat(texts()).containsExactly("STDERR in the middle");
        assertThat(decoder.position()).isEqualTo(3 + frame.length);
    }

    @Test
    void onlyTheLastPieceEndsItsLine() throws Exception {
        byte[] line = "x".repeat(40_004).getBytes(UTF_8);
        List<byte[]> frames = DockerFrames.line("stdout", 7, line);
        feed(join(frames.toArray(byte[][]::new)));

        List<Boolean> ends = new ArrayList<>();
        int length = 0;
        for (Entry entry = decoder.next(); entry != null; entry = decoder.next()) {
            ends.add(entry.endsLine());
            length += entry.length();
        }
        assertThat(ends).containsExactly(false, false, true);
        assertThat(length).isEqualTo(line.length);
    }

    @Test
    void partialWithoutMetadataIsAPiece() throws Exception {
        feed(DockerFrames.framed(hex("0a067374646f7574 1a0161 2001")));

        Entry entry = Objects.requireNonNull(decoder.next());

        assertThat(entry.endsLine()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "varint, 7001",
        "64 bit, 710102030405060708",
        "bytes, 7203616263",
        "32 bit, 7501020304",
        "a group, 7b70017c",
        "a field with the largest number, f8ffffff0f01",
    })
    void fieldsThatAreNotKnownArePassedOver(String kind, String field) throws Exception {
        feed(DockerFrames.framed(hex(field + "0a06737464657272" + field + "1a0161" + field)));

        assertThat(texts()).containsExactly("STDERR a");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0 bytes, 00000000",
        "2 GB less one, 7fffffff",
        "2 GB, 80000000",
        "4 GB less one, ffffffff",
        "1 MiB and one, 00100001",
    })
    void lengthsThatCannotBe(String what, String header) {
        feed(hex(header + "0a067374646f7574"));

        assertThatThrownBy(decoder::next).isInstanceOf(MalformedFrameException.class);
        assertThat(decoder.needed()).isLessThanOrEqualTo(FrameFields.HEADER);
    }

    @Test
    void theLongestFrame() throws Exception {
        byte[] field = hex("0a067374646f7574 1a" + "f0ff3f");
        byte[] message = new byte[FrameDecoder.LONGEST];
        System.arraycopy(field, 0, message, 0, field.length);
        // The line fills the message: its length is a varint of three bytes.
        int length = message.length - field.length;
        message[9] = (byte) ((length & 0x7f) | 0x80);
        message[10] = (byte) (((length >> 7) & 0x7f) | 0x80);
        message[11] = (byte) (length >> 14);
        feed(DockerFrames.framed(message));

        Entry entry = Objects.requireNonNull(decoder.next());

        assertThat(entry.length()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0a07", // a source that is longer than the frame
                "1affffffff0f", // a line of 4 GB less one
                "1affffffff07", // a line of 2 GB less one
                "10ffffffffffffffffffffff01", // a varint without end
                "10", // a time that is missing
                "0801", // a source that is a number
                "1201", // a time that is bytes
                "1801", // a line that is a number
                "2200", // partial, as bytes
                "2801", // metadata that is a number
                "2a020a00", // last, as bytes
                "2a0208", // metadata that ends in a field
                "00", // a tag of 0
                "0c", // the end of a group that never began
                "73", // a group without end
                "77", // a wire type that does not exist
            })
    void messagesThatAreNone(String message) {
        feed(DockerFrames.framed(hex(message)));

        assertThatThrownBy(decoder::next).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void groupsInGroupsWithoutEnd() {
        feed(DockerFrames.framed(hex("73".repeat(100_000))));

        assertThatThrownBy(decoder::next).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void theRestAtTheEnd() throws Exception {
        byte[] frame = frame("stdout", "whole");
        decoder.feed(frame, 0, frame.length - 1);
        assertThat(decoder.next()).isNull();
        assertThatThrownBy(decoder::rest)
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining((frame.length - 1) + " bytes of a frame of " + frame.length);

        feed(frame);
        assertThat(decoder.next()).isNotNull();
        assertThat(decoder.rest()).isNull();
    }

    private void feed(byte[] bytes) {
        decoder.feed(bytes, 0, bytes.length);
    }

    private List<String> texts() throws MalformedFrameException {
        List<String> texts = new ArrayList<>();
        for (Entry entry = decoder.next(); entry != null; entry = decoder.next()) {
            texts.add(entry.output() + " " + entry.text());
        }
        return texts;
    }

    private static byte[] frame(String source, String line) {
        return DockerFrames.frame(source, 1, line.getBytes(UTF_8));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
