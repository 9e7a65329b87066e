// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** What the process costs while nothing is to happen. */
final class Cpu {
    private Cpu() {}

    /**
     * CPU that all threads of this JVM take in a time: the least of a few, since the compiler and the collector have
     * their own moments, and a loop would be in all.
     */
    static long leastNanosDuring(Duration time) throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            least = Math.min(least, nanosDuring(time));
        }
        return least;
    }

    private static long nanosDuring(Duration time) throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Pipe clock = Pipe.open()) {
            clock.source().setReadDeadline(time);
            long before = system.getProcessCpuTime();
            try {
                clock.source().read(ByteBuffer.allocate(1));
                throw new AssertionError("nothing was written");
            } catch (SocketTimeoutException over) {
                return system.getProcessCpuTime() - before;
            }
        }
    }
}
