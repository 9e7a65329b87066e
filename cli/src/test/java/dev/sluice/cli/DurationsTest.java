// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "1.5s, PT1.5S",
        "2m, PT2M",
        "200ms, PT0.2S",
        "5, PT5S",
        "0.25, PT0.25S",
        "1h30m, PT1H30M",
        "1d, PT24H",
        "7us, PT0.000007S",
        "1ns, PT0.000000001S",
        "0.1ns, PT0.000000001S",
        "1000000d, PT2562047H47M16.854775807S",
    })
    void whatUsersWrite(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1x", "1 s", "1s ", "1M", "0", "0s", "0.0ms", "1s2", "1.s"})
    void whatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageStartingWith("'" + text + "' is no");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0:00",
        "PT3.9S, 0:03",
        "PT61S, 1:01",
        "PT12M5S, 12:05",
        "PT1H2M3S, 1:02:03",
        "PT100H, 100:00:00",
    })
    void whatUsersRead(Duration duration, String text) {
        assertThat(Durations.format(duration)).isEqualTo(text);
    }
}
