// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time, as users of {@code docker logs --since} write it: RFC 3339 ({@code 2026-01-31T08:00:00Z}; without a
 * zone it is local time, and the time of day may be missing or end at the minutes), seconds since 1970 with or without
 * a fraction, or a duration ({@code 10m}, {@code 1h30m}): so long ago.
 */
public final class TimeBound {
    private static final Pattern SECONDS = Pattern.compile("-?\\d{1,18}(?:\\.\\d{1,18})?");
    private static final Pattern AGO = Pattern.compile("(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ns|us|µs|ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("([\\d.]+)([a-zµ]+)");
    private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000);

    private TimeBound() {}

    /**
     * Reads one.
     *
     * @param text what was written
     * @param now from when a duration counts
     * @return nanoseconds since 1970 UTC; the nearest that a long can hold
     * @throws IllegalArgumentException if it is none; the message is for people
     */
    public static long parse(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            return clamp(new BigDecimal(text).multiply(SECOND));
        }
        if (AGO.matcher(text).matches()) {
            BigDecimal ago = BigDecimal.ZERO;
            Matcher part = PART.matcher(text);
            while (part.find()) {
                ago = ago.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
            }
            return clamp(nanosOf(now).subtract(ago));
        }
        try {
            return of(instant(text));
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time, as in 2026-01-31T08:00:00Z, 1769846400.5 (seconds since 1970)"
                            + " or 10m (ago)",
                    wrong);
        }
    }

    /**
     * A point in time as a log has it.
     *
     * @param instant any
     * @return nanoseconds since 1970 UTC; the nearest that a long can hold
     */
    public static long of(Instant instant) {
        return clamp(nanosOf(instant));
    }

    private static Instant instant(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T');
        return zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }

    private static BigDecimal nanosOf(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).multiply(SECOND).add(BigDecimal.valueOf(instant.getNano()));
    }

    private static long clamp(BigDecimal nanos) {
        return nanos.setScale(0, RoundingMode.FLOOR)
                .max(BigDecimal.valueOf(Long.MIN_VALUE))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    private static BigDecimal unit(String name) {
        return switch (name) {
            case "ns" -> BigDecimal.ONE;
            case "us", "µs" -> BigDecimal.valueOf(1_000);
            case "ms" -> BigDecimal.valueOf(1_000_000);
            case "m" -> SECOND.multiply(BigDecimal.valueOf(60));
            case "h" -> SECOND.multiply(BigDecimal.valueOf(3_600));
            case "d" -> SECOND.multiply(BigDecimal.valueOf(86_400));
            default -> SECOND;
        };
    }

    /**
     * A point in time for people and programs.
     *
     * @param nanos since 1970 UTC
     * @return it in RFC 3339, with all nine digits of the fraction, so that columns align
     */
    public static String format(long nanos) {
        long second = Math.floorDiv(nanos, 1_000_000_000L);
        int rest = Math.floorMod(nanos, 1_000_000_000);
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(30).append(time.toLocalDate()).append('T');
        two(text, time.getHour()).append(':');
        two(text, time.getMinute()).append(':');
        two(text, time.getSecond()).append('.');
        String digits = String.valueOf(rest);
        return text.repeat("0", 9 - digits.length()).append(digits).append('Z').toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
