// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times as Go's RFC3339Nano has them, in UTC: {@code 2026-11-24T15:04:05.123456789Z}, less the zeros at the fraction's
 * end, and less its point where it is nothing. The text of the last second is kept, for most lines share it.
 */
final class TimeText {
    /** The longest text, in bytes. */
    static final int MOST = 30;

    private static final long NANOS = 1_000_000_000L;
    private static final int DIGITS = 9;

    private final byte[] second = new byte[19];
    private long secondOf = Long.MIN_VALUE;

    /** Writes a time in nanoseconds since 1970, and answers where it ends. */
    int write(long nanos, byte[] to, int at) {
        long seconds = Math.floorDiv(nanos, NANOS);
        if (seconds != secondOf) {
            format(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
            secondOf = seconds;
        }
        System.arraycopy(second, 0, to, at, second.length);
        int end = at + second.length;
        int fraction = (int) (nanos - seconds * NANOS);
        if (fraction != 0) {
            to[end] = '.';
            int digits = DIGITS;
            for (; fraction % 10 == 0; fraction /= 10) {
                digits--;
            }
            for (int i = end + digits; i > end; i--) {
                to[i] = (byte) ('0' + fraction % 10);
                fraction /= 10;
            }
            end += 1 + digits;
        }
        to[end] = 'Z';
        return end + 1;
    }

    private void format(LocalDateTime time) {
        number(time.getYear(), 4, 4);
        second[4] = '-';
        number(time.getMonthValue(), 7, 2);
        second[7] = '-';
        number(time.getDayOfMonth(), 10, 2);
        second[10] = 'T';
        number(time.getHour(), 13, 2);
        second[13] = ':';
        number(time.getMinute(), 16, 2);
        second[16] = ':';
        number(time.getSecond(), 19, 2);
    }

    private void number(int value, int end, int digits) {
        int rest = value;
        for (int i = 1; i <= digits; i++) {
            second[end - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
