// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.poll.Adoption;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of sd_listen_fds(3): the environment says how many descriptors were passed, from number 3 on, to which
 * process, and under which names.
 *
 * <p>The environment cannot be trusted to be right: whoever forgot to unset it passes it on. So each number is looked
 * at before any is taken. One that was inherited cannot be close-on-exec, and what a JVM opens by itself is, but for
 * the file that holds its modules (open(2) without O_CLOEXEC in the JDK's libjimage).
 */
public final class ListenFds {
    private static final int FIRST = 3;
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private ListenFds() {}

    /** One of them, under its name. */
    public record Passed(String name, OpenDescriptor descriptor) {}

    /** Takes all that were passed to this process, the first time. */
    public static List<Passed> take() throws IOException {
        List<String> names = names(System.getenv(), ProcessHandle.current().pid());
        if (names.isEmpty()) {
            return List.of();
        }
        CallState state = CallState.acquire();
        try {
            synchronized (TAKEN) {
                if (TAKEN.get()) {
                    return List.of();
                }
                verify(state, names.size());
                TAKEN.set(true);
            }
            return adopt(state, names);
        } finally {
            state.release();
        }
    }

    /** The names of what was passed: as many as there are. */
    static List<String> names(Map<String, String> environment, long process) throws IOException {
        @Nullable String count = environment.get("LISTEN_FDS");
        if (count == null || !String.valueOf(process).equals(environment.get("LISTEN_PID"))) {
            return List.of();
        }
        int number;
        try {
            number = Integer.parseInt(count);
        } catch (NumberFormatException none) {
            number = -1;
        }
        if (number < 0 || number > Integer.MAX_VALUE - FIRST) {
            throw Failures.of("inherit", "LISTEN_FDS=" + count, Errno.EINVAL, "no number of descriptors");
        }
        @Nullable String names = environment.get("LISTEN_FDNAMES");
        if (names == null) {
            return Collections.nCopies(number, "unknown"); // takes no room, whatever the number
        }
        List<String> list = number == 0 && names.isEmpty() ? List.of() : List.of(names.split(":", -1));
        if (list.size() != number) {
            throw Failures.of(
                    "inherit", "LISTEN_FDNAMES=" + names, Errno.EINVAL, list.size() + " names for " + number);
        }
        return list;
    }

    private static void verify(CallState state, int count) throws IOException {
        for (int fd = FIRST; fd < FIRST + count; fd++) {
            int flags = FileCalls.fcntl(state, fd, Constants.F_GETFD, 0);
            if (flags < 0) {
                throw Failures.of("inherit", "fd " + fd, -flags, "LISTEN_FDS says " + count);
            }
            if ((flags & Constants.FD_CLOEXEC) != 0 || isOfModules(fd)) {
                throw Failures.of(
                        "inherit", "fd " + fd, Errno.EBADF, "not inherited, and LISTEN_FDS says " + count);
            }
        }
        for (int fd = FIRST; fd < FIRST + count; fd++) {
            FileCalls.fcntl(state, fd, Constants.F_SETFD, Constants.FD_CLOEXEC);
        }
    }

    private static boolean isOfModules(int fd) {
        try {
            Path modules = Path.of(System.getProperty("java.home", ""), "lib", "modules");
            return Files.isSameFile(Path.of("/proc/self/fd", String.valueOf(fd)), modules);
        } catch (IOException neither) {
            return false; // no path leads there, or there is no such file
        }
    }

    private static List<Passed> adopt(CallState state, List<String> names) throws IOException {
        List<Passed> passed = new ArrayList<>();
        try {
            for (String name : names) {
                int fd = FIRST + passed.size();
                passed.add(new Passed(name, Adoption.adoptPassed(fd, "fd " + fd + " (" + name + ")")));
            }
            return passed;
        } catch (Throwable failure) {
            for (int fd = FIRST + passed.size(); fd < FIRST + names.size(); fd++) {
                FileCalls.close(state, fd);
            }
            Passing.closeAll(passed.stream().map(Passed::descriptor).toList(), failure);
            throw failure;
        }
    }
}
