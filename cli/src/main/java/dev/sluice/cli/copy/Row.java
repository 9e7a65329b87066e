// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

/**
 * What became of one destination, for {@code --stats}.
 *
 * @param address as the user wrote it
 * @param bytes how many it got
 * @param skipped how many it did not get
 * @param readers how many came, where it is a tap; else {@link #NO_TAP}
 * @param end a word
 */
record Row(String address, long bytes, long skipped, long readers, String end) {
    /** It has no readers that come and go. */
    static final long NO_TAP = -1;

    Row(String address, long bytes, long skipped, String end) {
        this(address, bytes, skipped, NO_TAP, end);
    }

    boolean isTap() {
        return readers != NO_TAP;
    }
}
