// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, as users write and read them: {@code 1.5s}, {@code 2m}, {@code 1h30m}; a bare number is seconds. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(?:\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|h|d))+|\\d+(?:\\.\\d+)?");
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)([a-z]*)");
    private static final BigDecimal SECOND = BigDecimal.valueOf(1_000_000_000);

    private Durations() {}

    /** @throws IllegalArgumentException if it is none, or not more than nothing */
    public static Duration parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration, as in 1.5s, 200ms or 2m");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
        }
        if (nanos.signum() == 0) {
            throw new IllegalArgumentException("'" + text + "' is no time at all");
        }
        // A fraction of the clock's least step is waited for as the whole, and 292 years for ever.
        BigDecimal whole = nanos.max(BigDecimal.ONE).min(BigDecimal.valueOf(Long.MAX_VALUE));
        return Duration.ofNanos(whole.longValue());
    }

    private static BigDecimal unit(String name) {
        return switch (name) {
            case "ns" -> BigDecimal.ONE;
            case "us" -> BigDecimal.valueOf(1_000);
            case "ms" -> BigDecimal.valueOf(1_000_000);
            case "m" -> SECOND.multiply(BigDecimal.valueOf(60));
            case "h" -> SECOND.multiply(BigDecimal.valueOf(3_600));
            case "d" -> SECOND.multiply(BigDecimal.valueOf(86_400));
            default -> SECOND;
        };
    }

    /** As a clock shows it: {@code 0:03}, {@code 1:02:03}. */
    public static String format(Duration duration) {
        long seconds = duration.toSeconds();
        String minutesAndSeconds = String.format(Locale.ROOT, "%02d:%02d", seconds / 60 % 60, seconds % 60);
        return seconds < 3600
                ? (minutesAndSeconds.startsWith("0") ? minutesAndSeconds.substring(1) : minutesAndSeconds)
                : seconds / 3600 + ":" + minutesAndSeconds;
    }
}
