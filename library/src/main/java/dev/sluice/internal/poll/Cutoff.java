// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.FileCalls;

/**
 * The end of reading that was asked for, although there may still be a writer: what is buffered is read, and no more.
 *
 * <p>A writer that never pauses never lets the pipe run empty, so what it held when first asked after the cut is all
 * that is still read.
 */
final class Cutoff {
    private volatile boolean cut;

    /** How many bytes may still be read after the cut; -1 as long as nobody has asked. The read side's holder's. */
    private long left = -1;

    void cut() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    /** How many bytes may be read at once, {@code most} at most; 0 is the end. */
    long readable(CallState state, int fd, long most) {
        if (!cut) {
            return most;
        }
        if (left < 0) {
            left = Math.max(0, FileCalls.buffered(state, fd));
        }
        return Math.min(most, left);
    }

    void noteRead(long count) {
        if (left > 0 && count > 0) {
            left -= count;
        }
    }
}
