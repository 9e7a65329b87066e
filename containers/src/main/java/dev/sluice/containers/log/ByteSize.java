// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.Locale;

/** Sizes as users write them in a log's options: {@code 10m} is 10 × 2^20 bytes, {@code 10mb} is 10^7. */
public final class ByteSize {
    private static final String UNITS = "kmgt";

    private ByteSize() {}

    /**
     * Reads a size: a whole number, and perhaps a unit, {@code k}, {@code m}, {@code g} or {@code t}, in small letters
     * or large. With {@code b} after it the unit is a power of 1,000, else (and with {@code ib}) of 1,024.
     *
     * @param text such as {@code 4096}, {@code 10m}, {@code 10MB}
     * @return the bytes, at least 1
     * @throws IllegalArgumentException if it is none; the message is for people
     */
    public static long parse(String text) {
        String size = text.toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < size.length() && size.charAt(digits) >= '0' && size.charAt(digits) <= '9') {
            digits++;
        }
        try {
            long bytes = Math.multiplyExact(Long.parseLong(size.substring(0, digits)), factor(size.substring(digits)));
            if (bytes >= 1) {
                return bytes;
            }
        } catch (IllegalArgumentException | ArithmeticException none) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is no size, as in 4096, 10m or 10mb");
    }

    private static long factor(String unit) {
        if (unit.isEmpty() || unit.equals("b")) {
            return 1;
        }
        long base = switch (unit.substring(1)) {
            case "", "ib" -> 1024;
            case "b" -> 1000;
            default -> throw new IllegalArgumentException(unit);
        };
        int power = UNITS.indexOf(unit.charAt(0)) + 1;
        if (power == 0) {
            throw new IllegalArgumentException(unit);
        }
        long factor = 1;
        for (int i = 0; i < power; i++) {
            factor *= base;
        }
        return factor;
    }
}
