// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Child;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code exec:COMMAND}: a shell command whose standard output is copied from, or whose standard input is copied to.
 * What is not connected to the copy is ours: a filter on either side of it works as in a pipeline.
 */
record Command(String text, String command) implements Address {
    private static final String SHELL = "/bin/sh";

    /** As which statuses SIGHUP, SIGINT and SIGTERM show. */
    private static final Set<Integer> SHARED_SIGNALS = Set.of(129, 130, 143);

    private static final Duration SAME_SIGNAL = Duration.ofMillis(300);

    @Override
    public Opened source(@Nullable Duration limit) throws IOException {
        Child child = Child.start(builder().redirectInput(Redirect.INHERIT).redirectOutput(Redirect.PIPE));
        return new CommandOutput(text, child);
    }

    @Override
    public Opened destination(@Nullable Opened source, @Nullable Duration limit) throws IOException {
        Child child = Child.start(builder().redirectInput(Redirect.PIPE).redirectOutput(Redirect.INHERIT));
        return new CommandInput(text, child);
    }

    @Override
    public boolean opensLast() {
        return true;
    }

    /**
     * Ends it with SIGTERM, the shell first, so that it does not go on to its next command, and then what that has
     * started.
     */
    static void end(Child child) {
        List<ProcessHandle> descendants = child.process().descendants().toList();
        child.process().destroy();
        descendants.forEach(ProcessHandle::destroy);
    }

    /**
     * Waits for its exit, and ends it where that takes too long.
     *
     * @param patience how long, or null for ever
     * @return whether it has exited by itself
     */
    static boolean exitsWithin(Child child, @Nullable Duration patience) throws InterruptedException {
        if (patience == null) {
            child.waitFor();
        } else if (!child.process().waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            end(child);
            return false;
        }
        return true;
    }

    /**
     * The exit status of one that has exited. Where a signal has ended it that may be meant for us too (Ctrl-C goes to
     * all of a terminal's foreground processes), ours is given the time to arrive: it interrupts this wait.
     */
    static int exitStatus(Child child) throws InterruptedException {
        int status = child.waitFor();
        if (SHARED_SIGNALS.contains(status)) {
            Thread.sleep(SAME_SIGNAL);
        }
        return status;
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(SHELL, "-c", command).redirectError(Redirect.INHERIT);
        restoreLocale(builder.environment());
        return builder;
    }

    /**
     * The launcher lets the JVM read arguments as UTF-8 where the locale is C. The command gets what the user has set.
     */
    private static void restoreLocale(Map<String, String> environment) {
        @Nullable String before = environment.remove("SLUICE_LC_ALL");
        if (before == null) {
            return;
        }
        if (before.isEmpty()) {
            environment.remove("LC_ALL");
        } else {
            environment.put("LC_ALL", before);
        }
    }
}
