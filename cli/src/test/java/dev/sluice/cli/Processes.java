// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Running processes, as /proc shows them. */
final class Processes {
    private Processes() {}

    /** The names of its threads, cut to 15 letters. */
    static List<String> threads(Process process) throws IOException {
        return eachThread(process, "comm");
    }

    /** Whether one of its threads waits in poll(2): the launcher has become the JVM, and that has nothing to copy. */
    static boolean isPolling(Process process) throws IOException {
        return eachThread(process, "wchan").stream().anyMatch(place -> place.contains("poll"));
    }

    /** What its descriptors are, as {@code /proc/PID/fd} names them: a path, {@code pipe:[INODE]} and the like. */
    static List<String> open(Process process) throws IOException {
        List<String> open = new ArrayList<>();
        try (Stream<Path> numbers = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            for (Path number : numbers.toList()) {
                try {
                    open.add(Files.readSymbolicLink(number).toString());
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        return open;
    }

    private static List<String> eachThread(Process process, String file) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                try {
                    answers.add(Files.readString(task.resolve(file)).strip());
                } catch (IOException ended) {
                    continue; // a thread that is no more
                }
            }
        } catch (NoSuchFileException ended) {
            return List.of();
        }
        return answers;
    }

    /** The next line that it writes to standard error; what comes after it stays there. */
    static String errorLine(Process process) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = process.getErrorStream().read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = process.getErrorStream().read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Sends a signal. */
    static void signal(Process process, String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill: " + status);
        }
    }
}
