// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of a copy. */
class OptionsIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        Files.writeString(folder.resolve("in"), "0123456789abcdef\n");
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    @Test
    void aLimitLeavesTheRestToTheNext() throws Exception {
        assertThat(sh("(\"$S\" copy -n 10 - null:; cat) <in").succeeded().out()).isEqualTo("abcdef\n");
        assertThat(sh("cat in | (\"$S\" copy --limit=10 - -; echo; cat)").succeeded().out())
                .isEqualTo("0123456789\nabcdef\n");
        assertThat(sh("(\"$S\" copy -n 0 - -; cat) <in").succeeded().out()).isEqualTo("0123456789abcdef\n");
        assertThat(sh("\"$S\" copy -n 1K /dev/zero - | wc -c").succeeded().out()).isEqualTo("1024\n");
        assertThat(sh("\"$S\" copy -n 1KB /dev/zero - | wc -c").succeeded().out()).isEqualTo("1000\n");
    }

    @Test
    void theLastOfSeveralCounts() throws Exception {
        assertThat(sh("\"$S\" copy -n 3 -n 5 in -").succeeded().out()).isEqualTo("01234");
    }

    @Test
    void aDeadlineEndsAQuietCopyAndOneThatWaitsForAPeer() throws Exception {
        sh("mkfifo fifo other");
        for (String addresses :
                List.of("fifo:fifo -", "in fifo:fifo", "fifo:fifo fifo:other", "'fifo:fifo?keep' -")) {
            Result result = sh("\"$S\" copy --deadline 50ms " + addresses);
            assertThat(result).as(addresses).isEqualTo(new Result(124, "", ""));
        }
        // One who waits for a reader that has been, and one whose bytes never stop.
        assertThat(sh("head -c 1 fifo >/dev/null & \"$S\" copy --deadline 400ms /dev/zero 'fifo:fifo?keep'"))
                .isEqualTo(new Result(124, "", ""));
        assertThat(sh("\"$S\" copy --deadline 0.05s /dev/zero null:")).isEqualTo(new Result(124, "", ""));
    }

    @Test
    void aDeadlineEndsAWaitForACommandThatIsCopiedTo() throws Exception {
        Result result = sh("\"$S\" copy --deadline 1s in 'exec:echo $$ >pid; exec sleep 60'; echo $?; cat pid");
        assertThat(result.out()).startsWith("124\n");
        long pid = Long.parseLong(result.out().lines().toList().get(1));
        Await.until(() -> ProcessHandle.of(pid).isEmpty());
    }

    @Test
    void anIdleTimeoutCountsFromTheLastByte() throws Exception {
        Result result = sh("""
                mkfifo fifo; exec 3<>fifo
                "$S" copy --idle-timeout 1s fifo:fifo - & copy=$!
                for i in 1 2 3 4 5; do echo $i >&3; sleep 0.1; done
                wait $copy""");
        assertThat(result).isEqualTo(new Result(124, "1\n2\n3\n4\n5\n", ""));
    }

    @Test
    void statisticsForPrograms() throws Exception {
        Result result = sh("\"$S\" copy --stats=json - out?append <in");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .matches("\\{\"bytes\":17,\"spliced\":\\d+,\"copied\":\\d+,\"seconds\":\\d+\\.\\d+,"
                        + "\"end\":\"end-of-source\",\"destinations\":\\[\\{\"address\":\"out\\?append\",\"bytes\":17,"
                        + "\"skipped\":0,\"end\":\"end-of-source\"}]}\n");

        assertThat(sh("\"$S\" copy --stats=json nope out").err())
                .matches("sluice: open nope: ENOENT .*\n\\{\"bytes\":0,.*\"end\":\"failed\".*}\n");
        assertThat(sh("\"$S\" copy --stats=json -n 1 in null:").err()).contains("\"end\":\"limit\"");
        String quiet = "mkfifo fifo; exec 3<>fifo; \"$S\" copy --stats=json %s=10ms fifo:fifo -; rm fifo";
        assertThat(sh(quiet.formatted("--deadline")).err()).contains("\"end\":\"deadline\"");
        assertThat(sh(quiet.formatted("--idle-timeout")).err()).contains("\"end\":\"idle-timeout\"");
        assertThat(sh("\"$S\" copy --stats=json /dev/zero - | head -c 1; exit ${PIPESTATUS[0]}"))
                .satisfies(gone -> assertThat(gone.err()).contains("\"end\":\"destination-gone\""))
                .satisfies(gone -> assertThat(gone.exit()).isEqualTo(141));
    }

    @Test
    void statisticsForPeople() throws Exception {
        // What follows the bare option is an address.
        Result result = sh("\"$S\" copy --stats - - <in");
        assertThat(result.out()).isEqualTo("0123456789abcdef\n");
        assertThat(result.err()).matches("sluice: 17 bytes in \\d+\\.\\d+ s, .*/s, \\d+ % spliced; end of source\n");
    }

    @Test
    void progressWithoutATerminalIsPlainLines() throws Exception {
        Result result = sh("\"$S\" copy -p in null:");
        assertThat(result.exit()).isZero();
        assertThat(result.err()).matches("17 B +.*/s  0:00 .* 100 %\n");
    }

    @Test
    @NeedsTool("python3")
    void aPipeSize() throws Exception {
        String ends = """
                python3 - "$@" <<'PYTHON'
                import fcntl, os, subprocess, sys
                source, sink = os.pipe(), os.pipe()
                command = [os.environ["S"], "copy", *ARGUMENTS, "-", "-"]
                process = subprocess.Popen(command, stdin=source[0], stdout=sink[1])
                data = bytes(30000)
                for round in range(40):
                    os.write(source[1], data)
                    got = 0
                    while got < len(data):
                        got += len(os.read(sink[0], len(data) - got))
                print(fcntl.fcntl(source[1], 1032), fcntl.fcntl(sink[0], 1032))
                os.close(source[1])
                sys.exit(process.wait())
                PYTHON
                """;
        assertThat(sh(ends.replace("*ARGUMENTS", "'--pipe-size', '256K'")).succeeded().out())
                .isEqualTo("262144 262144\n");
        assertThat(sh(ends.replace("*ARGUMENTS", "'--pipe-size=keep'")).succeeded().out()).isEqualTo("65536 65536\n");
        assertThat(sh(ends.replace("*ARGUMENTS, ", "")).succeeded().out()).isEqualTo("1048576 1048576\n");
    }

    @Test
    void oneDestinationMayBeSlowToo() throws Exception {
        assertThat(sh("\"$S\" copy --slow skip --slow-bound 1M in -").succeeded().out()).hasSize(17);
    }

    @Test
    void verboseAddsTheStackTrace() throws Exception {
        Result result = sh("\"$S\" copy -v nope -");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).startsWith("sluice: open nope: ENOENT").contains("\n\tat dev.sluice.");
    }

    @Test
    void wrongUseIsToldInOneLine() throws Exception {
        sh("\"$S\" copy in -n")
                .failed(2, "Missing required parameter for option '--limit' (SIZE) (see sluice copy --help)");
        sh("\"$S\" copy in out fife:more")
                .failed(
                        2,
                        "fife:more: there is no scheme fife: did you mean fifo:more? "
                                + "(a file of that name is file:fife:more) (see sluice copy --help)");
        sh("[ ! -e out ]").succeeded();
    }
}
