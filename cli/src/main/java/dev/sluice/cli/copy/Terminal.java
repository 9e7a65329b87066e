// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The terminal behind standard error, if there is one. The JDK tells only of standard input and output. */
final class Terminal {
    private static final int STANDARD_ERROR = 2;
    private static final long TIOCGWINSZ = 0x5413;
    private static final int USUAL = 80;

    private final Libc ioctl = new Libc("ioctl", 2, 3, ValueLayout.JAVA_INT);

    /** How many columns it has at this moment; 0 where standard error is no terminal. */
    int columns() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
            if (ioctl.call(STANDARD_ERROR, TIOCGWINSZ, size.address()) < 0) {
                return 0;
            }
            int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return columns == 0 ? USUAL : columns;
        }
    }
}
