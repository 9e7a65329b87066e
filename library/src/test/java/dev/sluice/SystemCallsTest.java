// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.OnThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many system calls things cost: proven by strace(1), not assumed. */
class SystemCallsTest {
    private static final String TRACED = "trace=stat,newfstatat,statx,access,faccessat,faccessat2,"
            + "read,readv,preadv2,write,writev,pwritev2,"
            + "poll,ppoll,epoll_wait,epoll_pwait,epoll_ctl,ioctl,fcntl,lseek,close";
    private static final Pattern POLLS = Pattern.compile("(poll|ppoll|epoll_wait|epoll_pwait|epoll_ctl)\\(.*");

    /** A call: that of strace's line, without the thread. One that is cut in two lines counts once. */
    private static List<String> trace(OnThread kind, Path file, List<Integer> numbers) throws Exception {
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-qq",
                        "-e",
                        TRACED,
                        "-e",
                        "signal=none",
                        "-o",
                        file.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.virtualThreadScheduler.parallelism=2",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=2",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        QuietCalls.class.getName(),
                        kind.name())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        Stream.of(said.strip().split(" ", -1)).map(Integer::valueOf).forEach(numbers::add);
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("^\\d+ +", ""))
                .filter(line -> !line.startsWith("<... "))
                .toList();
    }

    private static List<String> between(List<String> calls, String name) {
        return calls.subList(mark(calls, name + "-begin") + 1, mark(calls, name + "-end"));
    }

    private static int mark(List<String> calls, String name) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).contains("\"/mark-" + name + "\"")) {
                return i;
            }
        }
        throw new AssertionError("no mark " + name);
    }

    private static long count(List<String> calls, String pattern) {
        return calls.stream().filter(call -> call.matches(pattern)).count();
    }

    @ParameterizedTest
    @EnumSource
    @NeedsTool("strace")
    void whatIsReadyCostsOneCallAndWhatIsQuietNone(OnThread kind, @TempDir Path folder) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        List<String> all = trace(kind, folder.resolve("trace"), numbers);
        List<String> calls = all.subList(0, mark(all, "closed"));
        int source = numbers.get(0);
        int sink = numbers.get(1);
        int backSource = numbers.get(2);
        int rounds = QuietCalls.ROUNDS;

        List<String> ready = between(calls, "ready");
        assertThat(count(ready, "read\\(" + source + ",.*")).isEqualTo(rounds);
        assertThat(count(ready, "write\\(" + sink + ",.*")).isEqualTo(rounds);
        assertThat(ready).noneMatch(POLLS.asMatchPredicate());
        assertThat(count(ready, "\\w+\\((" + source + "|" + sink + ")\\D.*")).isEqualTo(2 * rounds);

        List<String> play = between(calls, "play");
        assertThat(count(play, "write\\(" + sink + ",.*")).isEqualTo(rounds);
        // One that finds nothing, and one that finds the byte; a wake-up may be in vain now and then.
        assertThat(count(play, "read\\(" + backSource + ",.*")).isBetween((long) rounds, 2L * rounds + rounds / 5);
        assertThat(count(play, "epoll_ctl\\(\\d+, EPOLL_CTL_(ADD|DEL), .*")).as("registrations").isZero();

        String numberOfPipe = "(" + source + "|" + sink + "|" + backSource + ")";
        List<String> quiet = between(calls, "quiet");
        assertThat(quiet).noneMatch(POLLS.asMatchPredicate());
        assertThat(count(quiet, "\\w+\\(" + numberOfPipe + "\\D.*")).isZero();

        long registered = count(calls, "epoll_ctl\\(\\d+, EPOLL_CTL_ADD, " + numberOfPipe + ",.*");
        assertThat(registered).as("registered once for good").isEqualTo(kind == OnThread.VIRTUAL ? 2 : 0);
        assertThat(count(calls, "epoll_ctl\\(\\d+, EPOLL_CTL_MOD, " + numberOfPipe + ",.*")).isZero();
        assertThat(count(calls, "epoll_ctl\\(\\d+, EPOLL_CTL_DEL, " + numberOfPipe + ",.*")).isEqualTo(registered);
        if (kind == OnThread.VIRTUAL) {
            int removed = last(calls, "epoll_ctl\\(\\d+, EPOLL_CTL_DEL, " + source + ",.*");
            int closed = last(calls, "close\\(" + source + "\\).*");
            assertThat(closed).as("first removed, then closed").isGreaterThan(removed);
        }
    }

    private static int last(List<String> calls, String pattern) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).matches(pattern)) {
                return i;
            }
        }
        throw new AssertionError("no " + pattern);
    }
}
