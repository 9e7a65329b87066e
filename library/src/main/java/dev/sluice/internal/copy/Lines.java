// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where lines begin and end in chunks that know nothing of lines. */
final class Lines {
    /** Whether what was seen last ended a line, so that the next byte begins one. */
    private boolean atStart;

    void seen(MemorySegment chunk) {
        if (chunk.byteSize() > 0) {
            atStart = chunk.get(ValueLayout.JAVA_BYTE, chunk.byteSize() - 1) == '\n';
        }
    }

    boolean isAtStart() {
        return atStart;
    }

    /** Where the first line begins that begins in the chunk; its size if none does. */
    long nextLine(MemorySegment chunk) {
        return atStart ? 0 : endOfLine(chunk);
    }

    /** What follows the first newline; the chunk's size if there is none. */
    static long endOfLine(MemorySegment chunk) {
        for (long i = 0; i < chunk.byteSize(); i++) {
            if (chunk.get(ValueLayout.JAVA_BYTE, i) == '\n') {
                return i + 1;
            }
        }
        return chunk.byteSize();
    }
}
