// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many pipes of {@link PipeGrowth#LARGEST} bytes there may be between sockets.
 *
 * <p>The kernel counts the pages of an unprivileged user's pipes: past {@code pipe-user-pages-soft} (16,384) it gives
 * the user's every process pipes of two pages, see pipe(7). So such a process takes {@value #UNPRIVILEGED} at most,
 * half of that. A privileged one (CAP_SYS_RESOURCE or CAP_SYS_ADMIN) is not counted, and only memory bounds it: a
 * connection whose destination does not take anything may have a megabyte in its pipe.
 */
final class LargePipes {
    /** Each takes 256 pages. */
    static final int UNPRIVILEGED = 32;

    private static final int PRIVILEGED = 1024;

    /** All of them together may hold so much of the machine's memory: one part in so many. */
    private static final int SHARE = 16;

    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_SYS_RESOURCE = 24;

    private LargePipes() {}

    /** How many this process may have here; the fewest where the machine does not say. */
    static int allowed() {
        try {
            return allowed(
                    Files.readAllLines(Path.of("/proc/self/status")), Files.readAllLines(Path.of("/proc/meminfo")));
        } catch (IOException unreadable) {
            return UNPRIVILEGED;
        }
    }

    static int allowed(List<String> status, List<String> memory) {
        long capabilities = value(status, "CapEff:", 16);
        if ((capabilities & (1L << CAP_SYS_ADMIN | 1L << CAP_SYS_RESOURCE)) == 0) {
            return UNPRIVILEGED;
        }
        long bytes = value(memory, "MemTotal:", 10) * 1024;
        return (int) Math.clamp(bytes / SHARE / PipeGrowth.LARGEST, UNPRIVILEGED, PRIVILEGED);
    }

    private static long value(List<String> lines, String name, int radix) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String value = line.substring(name.length()).strip();
                int end = value.indexOf(' ');
                return Long.parseUnsignedLong(end < 0 ? value : value.substring(0, end), radix);
            }
        }
        return 0;
    }
}
