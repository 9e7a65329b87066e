// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** What is UTF-8, by table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing past U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** {@return the bytes of the character that begins at {@code i} with a byte beyond ASCII; 0 if none does} */
    static int size(byte[] bytes, int i, int end) {
        int first = bytes[i] & 0xff;
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (end - i < size) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int k = 2; k < size; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
