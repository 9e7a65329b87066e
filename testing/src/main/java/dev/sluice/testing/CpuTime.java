// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** How much processor time threads of this process take, by the kernel's word. */
public final class CpuTime {
    private static final Path TASKS = Path.of("/proc/self/task");

    private CpuTime() {}

    /**
     * Watches threads for a while.
     *
     * @param duration how long
     * @param names regular expressions for the names, of which the kernel knows the first 15 characters
     * @return how many processors they kept busy: 1 is one of them all the time
     * @throws InterruptedException if the thread is interrupted
     */
    public static double share(Duration duration, String... names) throws InterruptedException {
        long cpu = nanos(names);
        long start = System.nanoTime();
        Thread.sleep(duration);
        return (nanos(names) - cpu) / (double) (System.nanoTime() - start);
    }

    /**
     * Sums up the processor time of threads so far.
     *
     * @param names as for {@link #share}
     * @return nanoseconds
     */
    public static long nanos(String... names) {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                sum += nanos(task, names);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return sum;
    }

    private static long nanos(Path task, String... names) {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            String stat = Files.readString(task.resolve("schedstat"));
            return Arrays.stream(names).anyMatch(name::matches)
                    ? Long.parseLong(stat.substring(0, stat.indexOf(' ')))
                    : 0;
        } catch (IOException endedMeanwhile) {
            return 0;
        }
    }
}
