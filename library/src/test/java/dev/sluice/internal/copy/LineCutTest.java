// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Whatever the chunks are, whole lines are handed on. */
class LineCutTest {
    private final LineCut lines = new LineCut(0);

    private String cut(String chunk, boolean hasRoom) {
        byte[] bytes = chunk.getBytes(US_ASCII);
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        MemorySegment taken = lines.cut(memory, hasRoom);
        return new String(taken.toArray(ValueLayout.JAVA_BYTE), US_ASCII);
    }

    @Test
    void theLineThatHasBegunIsFinished() {
        assertThat(cut("one\ntw", true)).isEqualTo("one\ntw");
        assertThat(cut("o", false)).isEqualTo("o");
        assertThat(lines.isCutting()).isFalse();
        assertThat(cut("\nthree\n", false)).isEqualTo("\n");
        assertThat(lines.isCutting()).isTrue();
        assertThat(cut("four\n", false)).isEmpty();
        assertThat(cut("five\n", true)).isEqualTo("five\n");
        assertThat(lines.isCutting()).isFalse();
    }

    @Test
    void itGoesOnWhereALineBegins() {
        assertThat(cut("one\ntwo\nthr", false)).isEqualTo("one\n");
        assertThat(cut("ee", true)).isEmpty();
        assertThat(cut("\nfour", true)).isEqualTo("four");
        assertThat(cut("\n", true)).isEqualTo("\n");
    }

    @Test
    void onlyALongLineIsCut() {
        String half = "x".repeat((int) LineCut.SPARED / 2);
        assertThat(cut(half, false)).isEqualTo(half);
        assertThat(cut(half, false)).isEqualTo(half);
        assertThat(cut(half, false)).isEmpty();
        assertThat(cut("end\nnext\n", true)).isEqualTo("next\n");
    }

    @RepeatedTest(200)
    void ofAnyChunksOnlyWholeLinesAreLeft(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            all.append('<').append("x".repeat(random.nextInt(20))).append(">\n");
        }
        StringBuilder got = new StringBuilder();
        for (int done = 0; done < all.length(); ) {
            int end = Math.min(all.length(), done + random.nextInt(30));
            got.append(cut(all.substring(done, end), random.nextBoolean()));
            done = end;
        }
        assertThat(got.toString()).matches("(?:<x*>\n)*");
        assertThat(got.length()).isPositive();
    }
}
