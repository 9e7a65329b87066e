// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy to several destinations: what each gets, and what becomes of the others when one fails or goes. */
class FanOutIT {
    private static final long BYTES = 4 << 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        sh("head -c 4M /dev/urandom >in; mkfifo fifo").succeeded();
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void eachGetsAll(int count) throws Exception {
        String files = IntStream.range(0, count).mapToObj(i -> "out" + i).collect(Collectors.joining(" "));
        for (String source : new String[] {"in", "exec:'cat in'", "- <in"}) {
            Result result = sh("rm -f out*; \"$S\" copy --stats=json " + source.replace("- <in", "-") + " " + files
                    + (source.startsWith("-") ? " <in" : "") + " && for f in " + files + "; do cmp $f in || exit; done");
            assertThat(result.exit()).as(result.err() + result.out()).isZero();
            Stats stats = Stats.of(result.err());
            assertThat(stats.bytes()).isEqualTo(BYTES);
            assertThat(stats.end()).isEqualTo("end-of-source");
            assertThat(stats.rows()).hasSize(count).allSatisfy(row -> {
                assertThat(row.bytes()).isEqualTo(BYTES);
                assertThat(row.end()).isEqualTo("end-of-source");
            });
        }
    }

    @Test
    @NeedsTool("socat")
    void ofWhateverKind() throws Exception {
        sh("""
                echo before >appended
                cat fifo >from-fifo & fifo=$!
                "$S" copy exec:'cat in' - file 'appended?append' fifo:fifo unix-listen:socket null: \\
                    exec:'sha256sum >sum' >stdout & copy=$!
                until [ -S socket ]; do sleep 0.01; done
                socat -u UNIX-CONNECT:socket OPEN:from-socket,creat
                wait $copy $fifo && sha256sum <in | cmp - sum && (echo before; cat in) | cmp - appended &&
                    for f in stdout file from-fifo from-socket; do cmp $f in || exit; done""").succeeded();
    }

    @Test
    void theStatsForPeopleHaveALineForEach() throws Exception {
        Result result = sh("\"$S\" copy --stats -n 1M in a b");
        assertThat(result.err().lines().toList())
                .hasSize(3)
                .satisfies(lines -> assertThat(lines.getFirst()).startsWith("sluice: 1,048,576 bytes (1.00 MiB) in"))
                .endsWith("sluice: a: 1,048,576 bytes, 0 skipped; limit", "sluice: b: 1,048,576 bytes, 0 skipped; limit");
        assertThat(result.exit()).isZero();
        sh("head -c 1M in | cmp - a && cmp a b").succeeded();
    }

    @Test
    void oneThatGoesIsToldAndDisturbsNobody() throws Exception {
        Result result = sh("\"$S\" copy --stats=json exec:'cat in; sleep 1' a 'exec:head -c 10 >head' && cmp a in");
        assertThat(result.exit()).isZero();
        assertThat(result.err().lines().findFirst().orElseThrow())
                .matches("sluice: exec:head -c 10 >head: nobody reads it any more, after [0-9,]+ bytes");
        assertThat(result.err().lines()).hasSize(2);
        assertThat(Stats.of(result.err()).row(1).end()).isEqualTo("destination-gone");
    }

    @Test
    void whenAllHaveGoneItEndsAsSilentlyAsSigpipeHoweverQuietTheSource() throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy --stats=json - exec:true 'exec:exec <&-'").start();
        // Its input stays open.
        assertThat(copy.waitFor(Duration.ofSeconds(20))).isTrue();
        assertThat(copy.exitValue()).isEqualTo(141);
        Stats stats = Stats.of(Result.of(copy).err());
        assertThat(stats.end()).isEqualTo("destination-gone");
        assertThat(stats.rows()).allSatisfy(row -> assertThat(row.end()).isEqualTo("destination-gone"));
    }

    @Test
    void oneThatFailsIsToldAndTheOthersGetAll() throws Exception {
        Result result = sh("\"$S\" copy --stats=json in a /dev/full b; e=$?; cmp a in && cmp b in && exit $e");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err().lines().toList())
                .hasSize(2)
                .startsWith("sluice: write /dev/full: ENOSPC (No space left on device)");
        Stats stats = Stats.of(result.err());
        assertThat(stats.row(1)).isEqualTo(new Stats.Row("/dev/full", 0, BYTES, -1, "failed"));
        assertThat(stats.row(2).end()).isEqualTo("end-of-source");
    }

    @Test
    void commandsAreWaitedForAtTheSameTimeAndTheirExitCounts() throws Exception {
        // The first one ends when the second one has seen the end of the data.
        Result result = sh("\"$S\" copy --stats=json in 'exec:cat >/dev/null; cat fifo' "
                + "'exec:cat >/dev/null; echo done >fifo; exit 3'");
        assertThat(result.out()).isEqualTo("done\n");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err().lines().findFirst().orElseThrow())
                .isEqualTo("sluice: exec:cat >/dev/null; echo done >fifo; exit 3: exit status 3");
        Stats stats = Stats.of(result.err());
        assertThat(stats.row(0).end()).isEqualTo("end-of-source");
        assertThat(stats.row(1).end()).isEqualTo("failed");
    }

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() throws Exception {
        sh("\"$S\" copy in a 'exec:touch started' nope/b").failed(1, "open nope/b: ENOENT (No such file or directory)");
        sh("[ ! -e a ] && [ ! -e started ]").succeeded();
    }

    @Test
    void aDeadlineEndsIt() throws Exception {
        Result result = sh("\"$S\" copy --deadline 300ms --stats=json in a fifo:fifo");
        assertThat(result.exit()).isEqualTo(124);
        Stats stats = Stats.of(result.err());
        assertThat(stats.row(1).bytes()).isZero();
        assertThat(stats.rows()).allSatisfy(row -> assertThat(row.end()).isEqualTo("deadline"));
    }

    @Test
    void anIdleTimeoutEndsIt() throws Exception {
        Result result = sh("\"$S\" copy --idle-timeout 300ms --stats=json exec:'echo x; exec sleep 20' a b; e=$?; "
                + "cmp a b && cat a; exit $e");
        assertThat(result.exit()).isEqualTo(124);
        assertThat(result.out()).isEqualTo("x\n");
        assertThat(Stats.of(result.err()).end()).isEqualTo("idle-timeout");
    }

    @Test
    void sigtermLosesNothingThatWasInTransit() throws Exception {
        Result result = sh("""
                exec 4<>fifo
                (cat in; exec sleep 30) | "$S" copy --stats=json --slow skip --slow-bound 8M - a fifo:fifo 2>stats &
                copy=$!
                until [ "$(stat -c %s a 2>/dev/null)" = 4194304 ]; do sleep 0.01; done
                kill -TERM $copy
                until grep -q sluice-signal /proc/$copy/task/*/comm; do sleep 0.01; done
                cat <fifo >from-fifo 4<&- & exec 4<&-
                wait $copy; echo $?
                wait %2; cmp a in && cmp from-fifo in && cat stats
                kill %1 2>/dev/null""");
        assertThat(result.out()).startsWith("143\n{");
        Stats stats = Stats.of(result.out());
        assertThat(stats.end()).isEqualTo("interrupted");
        assertThat(stats.rows()).allSatisfy(row -> assertThat(row.bytes()).isEqualTo(BYTES));
    }
}
