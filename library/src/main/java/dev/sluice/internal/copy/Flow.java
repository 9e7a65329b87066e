// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/** What has gone through a pipe, as evidence of whether a larger one pays. */
final class Flow {
    private static final long BYTES = 512 * 1024;
    private static final long ROUND = 16 * 1024;

    private long bytes;
    private long rounds;

    /** To be told of each round. */
    void moved(long count) {
        bytes += count;
        rounds++;
    }

    /** Whether a good deal has moved, and much at a time. */
    boolean isLarge() {
        return bytes >= BYTES && bytes / rounds >= ROUND;
    }
}
