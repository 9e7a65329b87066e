// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What statx(2) says of an open descriptor. Its layout, unlike that of stat(2), is the same on every machine.
 *
 * @param mode the kind of file and its permissions: inode(7)
 * @param device which device it lies on, major number in the upper half
 * @param inode its number there
 * @param size of a file, in bytes
 * @param special which device it is, where it is one, major number in the upper half
 */
public record FileStatus(int mode, long device, long inode, long size, long special) {
    private static final int BYTES = 256;

    /** The status of an open descriptor, an O_PATH one included; negative errno in {@code mode} if it cannot be had. */
    public static FileStatus of(CallState state, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(BYTES, Long.BYTES);
            long result = Syscall.call(
                    state,
                    SyscallNumber.STATX,
                    fd,
                    arena.allocate(1).address(),
                    Constants.AT_EMPTY_PATH,
                    Constants.STATX_BASIC_STATS,
                    statx.address(),
                    0);
            if (result < 0) {
                return new FileStatus((int) result, 0, 0, 0, 0);
            }
            return new FileStatus(
                    Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
                    device(statx, 136),
                    statx.get(ValueLayout.JAVA_LONG, 32),
                    statx.get(ValueLayout.JAVA_LONG, 40),
                    device(statx, 128));
        }
    }

    /**
     * The same, where it must be had.
     *
     * @param name what the descriptor was opened as
     */
    public static FileStatus of(CallState state, int fd, String name) throws IOException {
        FileStatus status = of(state, fd);
        if (status.mode < 0) {
            throw Failures.of("statx", name, -status.mode);
        }
        return status;
    }

    private static long device(MemorySegment statx, int offset) {
        long major = Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, offset));
        return major << Integer.SIZE | Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, offset + 4));
    }

    /** The kind alone: one of the S_IF constants. */
    public int kind() {
        return mode & Constants.S_IFMT;
    }
}
