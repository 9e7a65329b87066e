// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, in logs and from users. */
class TimeFieldTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static long field(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);
        return TimeField.parse(bytes, 1, bytes.length - 1);
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }

    @Test
    void whatIsWrittenIsRead() {
        Random random = new Random(4711);
        TimeText writer = new TimeText();
        byte[] text = new byte[TimeText.MOST];
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong(-9_000_000_000_000_000_000L, 9_000_000_000_000_000_000L);
            nanos -= i % 2 == 0 ? Math.floorMod(nanos, 1_000_000_000L) : 0;
            int end = writer.write(nanos, text, 0);
            assertThat(TimeField.parse(text, 0, end)).isEqualTo(nanos);
            assertThat(nanos(Instant.parse(TimeBound.format(nanos)))).isEqualTo(nanos);
        }
    }

    @Test
    void aZoneIsHeeded() {
        assertThat(field("2026-03-01T14:30:00.25+02:30")).isEqualTo(nanos(NOW) + 250_000_000);
        assertThat(field("2026-03-01T06:00:00-06:00")).isEqualTo(nanos(NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "2026", "2026-03-01T12:00:00", "2026-03-01 12:00:00Z", "2026-13-01T12:00:00Z",
                "2026-03-01T24:00:00Z", "2026-03-01T12:00:00ZZ", "2026-03-01T12:00:00+0200", "0001-01-01T00:00:00Z",
                "2026-03-01T12:00:0xZ", "2026-03-01T12:00:00.Z5"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(field(text)).isEqualTo(TimeField.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T11:00:00Z, 2026-03-01T11:00:00Z",
        "2026-03-01T11:00:00.5+01:00, 2026-03-01T10:00:00.5Z",
        "2026-03-01T11:00Z, 2026-03-01T11:00:00Z",
        "1772362800, 2026-03-01T11:00:00Z",
        "1772362800.000000001, 2026-03-01T11:00:00.000000001Z",
        "10m, 2026-03-01T11:50:00Z",
        "1h30m, 2026-03-01T10:30:00Z",
        "1.5s, 2026-03-01T11:59:58.5Z",
        "250ms, 2026-03-01T11:59:59.75Z",
        "1d, 2026-02-28T12:00:00Z",
    })
    void usersMayWrite(String text, String meaning) {
        assertThat(TimeBound.parse(text, NOW)).isEqualTo(nanos(Instant.parse(meaning)));
    }

    @Test
    void aTimeWithoutAZoneIsLocal() {
        Instant local = LocalDate.of(2026, 3, 1).atTime(11, 0).atZone(ZoneId.systemDefault()).toInstant();
        assertThat(TimeBound.parse("2026-03-01T11:00:00", NOW)).isEqualTo(nanos(local));
        assertThat(TimeBound.parse("2026-03-01", NOW))
                .isEqualTo(nanos(LocalDate.of(2026, 3, 1).atStartOfDay(ZoneId.systemDefault()).toInstant()));
    }

    @Test
    void whatALongCannotHoldIsTheNearest() {
        // Docker writes the first for no bound at all.
        assertThat(TimeBound.parse("0001-01-01T00:00:00Z", NOW)).isEqualTo(Long.MIN_VALUE);
        assertThat(TimeBound.parse("9999-01-01T00:00:00Z", NOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(TimeBound.of(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "10x", "m", "2026-02-30", "1e9", "--5"})
    void whatIsNoneIsTold(String text) {
        assertThatThrownBy(() -> TimeBound.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is no time, as in");
    }
}
