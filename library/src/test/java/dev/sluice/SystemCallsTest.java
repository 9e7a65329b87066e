// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.OnThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many system calls things cost: proven by strace(1), not assumed. */
class SystemCallsTest {
    private static final String TRACED = "read,readv,preadv2,write,writev,pwritev2,"
            + "poll,ppoll,epoll_wait,epoll_pwait,epoll_pwait2,epoll_ctl,ioctl,fcntl,lseek,close";
    private static final Pattern POLLS = Pattern.compile("(poll|ppoll|epoll_wait|epoll_pwait2?|epoll_ctl)\\(.*");

    @ParameterizedTest
    @EnumSource
    @NeedsTool("strace")
    void whatIsReadyCostsOneCallAndWhatIsQuietNone(OnThread kind, @TempDir Path folder) throws Exception {
        List<String> java = Jvm.command(QuietCalls.class, kind.name());
        java.addAll(
                1,
                List.of("-Djdk.virtualThreadScheduler.parallelism=2", "-Djdk.virtualThreadScheduler.maxPoolSize=2"));
        List<Long> numbers = new ArrayList<>();
        SystemCalls calls = SystemCalls.trace(TRACED, folder.resolve("trace"), java, numbers)
                .before("closed");
        long source = numbers.get(0);
        long sink = numbers.get(1);
        long backSource = numbers.get(2);
        int rounds = QuietCalls.ROUNDS;

        SystemCalls ready = calls.between("ready");
        assertThat(ready.count("read\\(" + source + ",.*")).isEqualTo(rounds);
        assertThat(ready.count("write\\(" + sink + ",.*")).isEqualTo(rounds);
        assertThat(ready.all()).noneMatch(POLLS.asMatchPredicate());
        assertThat(ready.count("\\w+\\((" + source + "|" + sink + ")\\D.*")).isEqualTo(2 * rounds);

        SystemCalls play = calls.between("play");
        assertThat(play.count("write\\(" + sink + ",.*")).isEqualTo(rounds);
        // One that finds nothing, and one that finds the byte; a wake-up may be in vain now and then.
        assertThat(play.count("read\\(" + backSource + ",.*")).isBetween((long) rounds, 2L * rounds + rounds / 5);
        assertThat(play.count("epoll_ctl\\(\\d+, EPOLL_CTL_(ADD|DEL), .*")).as("registrations").isZero();

        String numberOfPipe = "(" + source + "|" + sink + "|" + backSource + ")";
        SystemCalls quiet = calls.between("quiet");
        assertThat(quiet.all()).noneMatch(POLLS.asMatchPredicate());
        assertThat(quiet.count("\\w+\\(" + numberOfPipe + "\\D.*")).isZero();

        long registered = calls.count("epoll_ctl\\(\\d+, EPOLL_CTL_ADD, " + numberOfPipe + ",.*");
        assertThat(registered).as("registered once for good").isEqualTo(kind == OnThread.VIRTUAL ? 2 : 0);
        assertThat(calls.count("epoll_ctl\\(\\d+, EPOLL_CTL_MOD, " + numberOfPipe + ",.*")).isZero();
        assertThat(calls.count("epoll_ctl\\(\\d+, EPOLL_CTL_DEL, " + numberOfPipe + ",.*")).isEqualTo(registered);
        if (kind == OnThread.VIRTUAL) {
            int removed = calls.last("epoll_ctl\\(\\d+, EPOLL_CTL_DEL, " + source + ",.*");
            int closed = calls.last("close\\(" + source + "\\b.*");
            assertThat(closed).as("first removed, then closed").isGreaterThan(removed);
        }
    }
}
