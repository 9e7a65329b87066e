// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** A time in a log: RFC 3339 with up to nine digits of a fraction, as bytes. Nothing is allocated for it. */
final class TimeField {
    /** What is no time. No log has this one: it is in 1677. */
    static final long NONE = Long.MIN_VALUE;

    private static final long SECOND = 1_000_000_000L;
    /** Years whose nanoseconds a long can hold. */
    private static final int FIRST_YEAR = 1678;

    private static final int LAST_YEAR = 2261;

    private TimeField() {}

    /** {@return the nanoseconds since 1970 that stand there; or NONE} */
    static long parse(byte[] bytes, int from, int to) {
        if (to - from < 20
                || bytes[from + 4] != '-'
                || bytes[from + 7] != '-'
                || bytes[from + 10] != 'T'
                || bytes[from + 13] != ':'
                || bytes[from + 16] != ':') {
            return NONE;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        int hour = digits(bytes, from + 11, 2);
        int minute = digits(bytes, from + 14, 2);
        int second = digits(bytes, from + 17, 2);
        boolean valid = year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= 31;
        if (!valid || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return NONE;
        }
        int at = from + 19;
        long fraction = 0;
        if (bytes[at] == '.') {
            long unit = SECOND;
            for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
                unit /= 10;
                fraction += unit * (bytes[at] - '0');
            }
        }
        long offset = offset(bytes, at, to);
        if (offset == NONE) {
            return NONE;
        }
        long seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset;
        return seconds * SECOND + fraction;
    }

    /** The zone's distance from UTC in seconds. */
    private static long offset(byte[] bytes, int at, int to) {
        if (to - at == 1 && bytes[at] == 'Z') {
            return 0;
        }
        if (to - at != 6 || (bytes[at] != '+' && bytes[at] != '-') || bytes[at + 3] != ':') {
            return NONE;
        }
        int hours = digits(bytes, at + 1, 2);
        int minutes = digits(bytes, at + 4, 2);
        if (hours < 0 || minutes < 0) {
            return NONE;
        }
        long seconds = (hours * 60L + minutes) * 60;
        return bytes[at] == '-' ? -seconds : seconds;
    }

    private static int digits(byte[] bytes, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Days since 1970 of the Gregorian calendar: the years begin in March, so that a leap day is a year's last. */
    private static long days(int year, int month, int day) {
        int shifted = month > 2 ? month - 3 : month + 9;
        long years = month > 2 ? year : year - 1;
        long dayOfYear = (153L * shifted + 2) / 5 + day - 1;
        return years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear - 719_468;
    }
}
