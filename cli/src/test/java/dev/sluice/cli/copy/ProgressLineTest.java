// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long MIB = 1 << 20;

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void bytesRateAndTime() {
        ProgressLine line = new ProgressLine(-1);
        assertThat(line.at(seconds(2), 10 * MIB, 80)).isEqualTo(" 10.0 MiB   5.00 MiB/s  0:02");
        assertThat(line.last(seconds(4), 40 * MIB, 80)).isEqualTo(" 40.0 MiB   10.0 MiB/s  0:04");
    }

    @Test
    void shareRemainingTimeAndABarWhereTheSizeIsKnown() {
        ProgressLine line = new ProgressLine(100 * MIB);
        assertThat(line.at(seconds(5), 50 * MIB, 72))
                .isEqualTo(" 50.0 MiB   10.0 MiB/s  0:05  [==========>           ]   50 %  0:05 left")
                .hasSizeLessThan(73);
        assertThat(line.last(seconds(10), 100 * MIB, 72))
                .isEqualTo("  100 MiB   10.0 MiB/s  0:10  [" + "=".repeat(33) + "]  100 %");
    }

    @Test
    void theRateIsThatOfTheLastSeconds() {
        ProgressLine line = new ProgressLine(-1);
        for (int i = 1; i <= 10; i++) {
            line.at(seconds(i), i * MIB, 80);
        }
        // Then it stalls.
        assertThat(line.at(seconds(15), 10 * MIB, 80)).contains("0 B/s");
    }

    @Test
    void aNarrowTerminalGetsWhatFits() {
        ProgressLine line = new ProgressLine(100 * MIB);
        assertThat(line.at(seconds(5), 50 * MIB, 50)).isEqualTo(" 50.0 MiB   10.0 MiB/s  0:05   50 %  0:05 left");
        assertThat(line.at(seconds(5), 50 * MIB, 20)).isEqualTo(" 50.0 MiB   10.0 MiB");
    }

    @Test
    void moreThanTheSizeIsAll() {
        ProgressLine line = new ProgressLine(10);
        assertThat(line.at(seconds(1), 20, 100)).endsWith(" 100 %");
        assertThat(new ProgressLine(10).at(0, 0, 100)).contains("0 B/s").endsWith("  0 %");
    }
}
