// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The system calls of a program that was run under strace(1), each as strace has it, without the thread. A program
 * marks where it is by a look at the file {@code /mark-NAME}, which is not there.
 */
record SystemCalls(List<String> all) {
    /** What a look at a file may be. */
    private static final String MARKS = "trace=stat,newfstatat,statx,access,faccessat,faccessat2,";

    /**
     * Runs a program.
     *
     * @param traced the calls that are of interest, with commas between them
     * @param file where strace writes
     * @param command the program
     * @param said takes what the program says: numbers
     */
    static SystemCalls trace(String traced, Path file, List<String> command, List<Long> said) throws Exception {
        List<String> strace = new ArrayList<>(
                List.of("strace", "-f", "-qq", "-e", MARKS + traced, "-e", "signal=none", "-o", file.toString()));
        strace.addAll(command);
        Pattern.compile(" ").splitAsStream(Java.output(strace).strip()).map(Long::valueOf).forEach(said::add);
        return new SystemCalls(Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("^\\d+ +", ""))
                // Of a call that is cut in two lines the first counts; but only the second has what pipe2(2) was told.
                .filter(line -> !line.startsWith("<... ") || line.startsWith("<... pipe2"))
                .toList());
    }

    /** Called by the program: a system call that nobody else makes stands in the trace. */
    static void mark(String name) {
        if (new File("/mark-" + name).exists()) {
            throw new AssertionError(name);
        }
    }

    /** Those between the marks NAME-begin and NAME-end. */
    SystemCalls between(String name) {
        return new SystemCalls(all.subList(at(name + "-begin") + 1, at(name + "-end")));
    }

    /** Those before a mark. */
    SystemCalls before(String name) {
        return new SystemCalls(all.subList(0, at(name)));
    }

    private int at(String name) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).contains("\"/mark-" + name + "\""))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no mark " + name));
    }

    long count(String pattern) {
        return all.stream().filter(call -> call.matches(pattern)).count();
    }

    /** Where the last one stands that matches. */
    int last(String pattern) {
        return IntStream.range(0, all.size())
                .filter(i -> all.get(i).matches(pattern))
                .max()
                .orElseThrow(() -> new AssertionError("no " + pattern));
    }
}
