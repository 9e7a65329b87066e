// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The threads of this process, virtual ones included. */
public final class LiveThreads {
    private static final Pattern HEAD = Pattern.compile("#(\\d+) \"(.*?)\".*");

    /** Those of the JVM, of the test tools, and the few that Sluice keeps: the master, pollers, the pool for disks. */
    private static final Pattern KEPT = Pattern.compile("ForkJoinPool-\\d+-.*|VirtualThread-.*|process reaper.*"
            + "|Common-Cleaner|Cleaner-\\d+|Attach Listener|.*-[Pp]oller.*|awaitility.*|surefire.*|junit.*|Thread-\\d+"
            + "|sluice-master|sluice-poller-\\d+|sluice-disk-\\d+|RMI.*|JMX.*|Finalizer|Notification Thread");

    private LiveThreads() {}

    /**
     * Lists the threads, but for those that are meant to stay.
     *
     * @return number and name of each
     */
    public static List<String> now() {
        return all()
                .filter(head -> !KEPT.matcher(head.group(2)).matches())
                .map(head -> "thread " + head.group(1) + " " + head.group(2))
                .toList();
    }

    /**
     * Counts the threads of a name.
     *
     * @param name a regular expression
     * @return how many there are
     */
    public static long count(String name) {
        return all().filter(head -> head.group(2).matches(name)).count();
    }

    private static Stream<Matcher> all() {
        try {
            Path folder = Files.createTempDirectory("threads");
            Path dump = folder.resolve("dump");
            HotSpotDiagnosticMXBean diagnostic =
                    Objects.requireNonNull(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
            diagnostic.dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            List<String> lines = Files.readAllLines(dump);
            Files.delete(dump);
            Files.delete(folder);
            return lines.stream().map(HEAD::matcher).filter(Matcher::matches);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
