// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes, as users write and read them: {@code 10M} is 10 × 2^20, {@code 10MB} is 10^7. */
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:([KMGTPE])(B|IB)?|B)?");
    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    /** @throws IllegalArgumentException if it is none, with what is wrong */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no size, as in 4096, 10M or 10MB");
        }
        BigDecimal size = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            long base = "B".equals(matcher.group(3)) ? 1000 : 1024;
            size = size.multiply(BigDecimal.valueOf(base).pow(UNITS.indexOf(matcher.group(2)) + 1));
        }
        try {
            return size.longValueExact();
        } catch (ArithmeticException inexact) {
            throw new IllegalArgumentException("'" + text + "' is no whole number of bytes up to 2^63-1");
        }
    }

    /** Three digits and a unit of 1,024s: {@code 1.21 GiB}. */
    public static String format(double bytes) {
        if (bytes < 1024) {
            return String.format(Locale.ROOT, "%.0f B", bytes);
        }
        double value = bytes;
        int unit = -1;
        // 1,023.6 of one would be printed as 1024.
        while (value >= 1023.5 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %ciB", value, UNITS.charAt(unit));
    }
}
