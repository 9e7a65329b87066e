// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The platform threads of this process.
 *
 * <p>Not the virtual ones: only a thread dump lists them, and JDK 25.0.3 dies of one with SIGSEGV, in {@code
 * GetThreadSnapshotClosure::do_thread}, if a virtual thread is just being unmounted.
 */
public final class LiveThreads {
    /** Those of the JVM, of the test tools, and the few that Sluice keeps: the master, the pool for disks. */
    private static final Pattern KEPT = Pattern.compile("ForkJoinPool-\\d+-.*|VirtualThread-.*|process reaper.*"
            + "|Common-Cleaner|Cleaner-\\d+|Attach Listener|.*-[Pp]oller.*|awaitility.*|surefire.*|junit.*|Thread-\\d+"
            + "|sluice-master|sluice-disk-\\d+|RMI.*|JMX.*|Finalizer|Notification Thread");

    private LiveThreads() {}

    /**
     * Lists the threads, but for those that are meant to stay.
     *
     * @return number and name of each
     */
    public static List<String> now() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !KEPT.matcher(thread.getName()).matches())
                .map(thread -> "thread " + thread.threadId() + " " + thread.getName())
                .toList();
    }

    /**
     * Counts the threads that the kernel knows of.
     *
     * @return how many there are
     */
    public static long kernelThreads() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
