// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of several destinations has stopped: {@code --slow}. */
class SlowIT {
    private static final int BYTES = 4 << 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        sh("seq 1000000 | head -c 4M >in; mkfifo fifo").succeeded();
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    /**
     * Copies to a file and to a FIFO that nobody reads until {@code condition} is true; {@code got} is what is read of
     * the FIFO then.
     */
    private Result stalled(String options, String condition) throws Exception {
        return sh("""
                size() { stat -c %%s a 2>/dev/null || echo 0; }
                exec 4<>fifo
                "$S" copy --stats=json --pipe-size keep %s exec:'cat in' a fifo:fifo 2>stats &
                copy=$!
                until %s; do sleep 0.01; done
                size
                cat <fifo >got 4<&- & exec 4<&-
                wait $copy; echo $?
                wait; cmp a in; cat stats""".formatted(options, condition));
    }

    private static List<String> told(Result result, int exit) {
        List<String> lines = result.out().lines().toList();
        assertThat(lines.get(1)).isEqualTo(String.valueOf(exit));
        assertThat(result.err()).isEmpty();
        return lines.subList(2, lines.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--slow block"})
    void itHoldsAllBackUnlessToldOtherwise(String options) throws Exception {
        Result result = stalled(options, "[ $(size) -gt 0 ] && s=$(size) && sleep 0.5 && [ $(size) = $s ]");
        assertThat(told(result, 0)).isEmpty();
        assertThat(Integer.parseInt(result.out().lines().findFirst().orElseThrow())).isLessThan(BYTES);
        assertThat(Stats.of(result.out()).rows()).allSatisfy(row -> assertThat(row.bytes()).isEqualTo(BYTES));
        sh("cmp got in").succeeded();
    }

    @Test
    void itSkipsAndTheOtherGetsAll() throws Exception {
        Result result = stalled("--slow skip --slow-bound 64K", "[ $(size) = 4194304 ]");
        assertThat(told(result, 0)).singleElement().asString()
                .matches("sluice: fifo:fifo: slow, and skips what it has no room for, after [0-9,]+ bytes");
        Stats.Row slow = Stats.of(result.out()).row(1);
        assertThat(slow.bytes()).isBetween(65536L, 4 * 65536L);
        assertThat(slow.end()).isEqualTo("end-of-source");
        assertThat(sh("stat -c %s got; head -c $(stat -c %s got) in | cmp - got").succeeded().out())
                .isEqualTo(slow.bytes() + "\n");
    }

    @Test
    void itSkipsWholeLines() throws Exception {
        Result result = stalled("--slow skip-lines --slow-bound 64K", "[ $(size) = 4194304 ]");
        assertThat(told(result, 0)).hasSize(1);
        Stats.Row slow = Stats.of(result.out()).row(1);
        assertThat(slow.bytes()).isLessThan(BYTES);
        // Each line that came is one of the source, and they are in order.
        assertThat(sh("stat -c %s got; sort -c -n got && comm -23 <(sort got) <(sort in)").succeeded().out())
                .isEqualTo(slow.bytes() + "\n");
    }

    @Test
    void itIsDroppedAndSeesTheEnd() throws Exception {
        Result result = sh("""
                exec 4<>fifo
                (cat in; until [ -e over ]; do sleep 0.01; done) 4<&- |
                    "$S" copy --stats=json --pipe-size keep --slow drop --slow-bound 64K - a fifo:fifo 2>stats 4<&- &
                until grep -q dropped stats 2>/dev/null; do sleep 0.01; done
                cat <fifo >got 4<&- & exec 4<&-
                wait %2; touch over
                wait %1; echo $?
                cmp a in; cat stats""");
        assertThat(result.out()).matches("(?s)0\nsluice: fifo:fifo: too slow, dropped after [0-9,]+ bytes\n\\{.*}\n");
        Stats.Row slow = Stats.of(result.out()).row(1);
        assertThat(slow.end()).isEqualTo("dropped");
        assertThat(sh("stat -c %s got; head -c $(stat -c %s got) in | cmp - got").succeeded().out())
                .isEqualTo(slow.bytes() + "\n");
    }

    @Test
    void aFifoWithoutAReaderHoldsNobodyBackThatMaySkip() throws Exception {
        Result result = sh("\"$S\" copy --stats=json --slow skip --slow-bound 64K --deadline 3s in a fifo:fifo; "
                + "e=$?; cmp a in; exit $e");
        assertThat(result.exit()).isEqualTo(124);
        Stats.Row slow = Stats.of(result.err()).row(1);
        assertThat(slow).isEqualTo(new Stats.Row("fifo:fifo", 0, BYTES, -1, "deadline"));
    }

    @Test
    void aSingleOneMaySkipToo() throws Exception {
        Result result = sh("""
                exec 4<>fifo
                (cat in; until [ -e over ]; do sleep 0.01; done) 4<&- |
                    "$S" copy --stats=json --pipe-size keep --slow skip --slow-bound 64K - fifo:fifo 2>stats 4<&- &
                until grep -q skips stats 2>/dev/null; do sleep 0.01; done
                touch over; (wc -c) <fifo 4<&- & exec 4<&-
                wait %1; echo $?
                wait; cat stats""");
        Stats stats = Stats.of(result.out());
        assertThat(stats.bytes()).isEqualTo(BYTES);
        assertThat(stats.row(0).skipped()).isPositive();
        assertThat(result.out().lines()).contains("0", String.valueOf(stats.row(0).bytes()));
    }
}
