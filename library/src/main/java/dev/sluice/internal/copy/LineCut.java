// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a destination that leaves out whole lines gets of each chunk, although chunks know nothing of lines.
 *
 * <p>When there is no room any more it still gets the line that has begun; and when there is room again it goes on
 * where a line begins. Only a line that is longer than {@code longest} is cut.
 */
final class LineCut {
    /** A line of up to so many bytes is never cut, however small the bound is. */
    static final long SPARED = 64 * 1024;

    private final long longest;

    /** Whether what comes is left out. */
    private boolean cutting;

    /** Whether what was seen last ended a line, so that the next byte begins one; known only while cutting. */
    private boolean atStart;

    /** How much was handed on in want of room, to get to the end of a line. */
    private long overdrawn;

    LineCut(long bound) {
        longest = Math.max(bound, SPARED);
    }

    boolean isCutting() {
        return cutting;
    }

    /** To be told that a chunk was handed on whole, unseen. Not while cutting. */
    void passed() {
        overdrawn = 0;
    }

    /** The part of a chunk that is handed on. The destination gets none of the rest. */
    MemorySegment cut(MemorySegment chunk, boolean hasRoom) {
        long size = chunk.byteSize();
        long from = 0;
        long to = size;
        if (hasRoom) {
            from = cutting && !atStart ? afterNewline(chunk) : 0;
            cutting = cutting && from == size;
            overdrawn = 0;
        } else if (cutting) {
            to = 0;
        } else {
            to = afterNewline(chunk);
            overdrawn += to;
            boolean isWhole = to > 0 && chunk.get(ValueLayout.JAVA_BYTE, to - 1) == '\n';
            cutting = isWhole || overdrawn > longest;
            to = overdrawn > longest ? 0 : to;
        }
        atStart = size > 0 && chunk.get(ValueLayout.JAVA_BYTE, size - 1) == '\n';
        return chunk.asSlice(from, to - from);
    }

    /** What follows the first newline; the chunk's size if there is none. */
    private static long afterNewline(MemorySegment chunk) {
        for (long i = 0; i < chunk.byteSize(); i++) {
            if (chunk.get(ValueLayout.JAVA_BYTE, i) == '\n') {
                return i + 1;
            }
        }
        return chunk.byteSize();
    }
}
