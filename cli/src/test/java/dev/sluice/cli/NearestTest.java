// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void distanceCountsSlipsOfTheFingers() {
        assertThat(Nearest.distance("fifo", "fifo")).isZero();
        assertThat(Nearest.distance("fife", "fifo")).isEqualTo(1);
        assertThat(Nearest.distance("fio", "fifo")).isEqualTo(1);
        assertThat(Nearest.distance("fiffo", "fifo")).isEqualTo(1);
        assertThat(Nearest.distance("ffio", "fifo")).isEqualTo(1);
        assertThat(Nearest.distance("", "fifo")).isEqualTo(4);
        assertThat(Nearest.distance("fifo", "")).isEqualTo(4);
    }

    @Test
    void whatIsTooFarIsNotNear() {
        List<String> words = List.of("append", "new", "mode=");
        assertThat(Nearest.of("apend", words)).isEqualTo("append");
        assertThat(Nearest.of("mode", words)).isEqualTo("mode=");
        assertThat(Nearest.of("kep", words)).isNull();
        assertThat(Nearest.of("x", words)).isNull();
        assertThat(Nearest.hint(null, word -> word)).isEmpty();
        assertThat(Nearest.hint("new", word -> "?" + word)).isEqualTo(": did you mean ?new?");
    }
}
