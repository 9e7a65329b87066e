// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.OnThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many system calls a flow between sockets costs: proven by strace(1). */
class FlowCallsTest {
    private static final String TRACED = "trace=stat,newfstatat,statx,access,faccessat,faccessat2,read,write,splice,"
            + "pipe2,fcntl,ioctl,poll,ppoll,close";
    private static final int LEAST_ROUND = 4 * 1024;

    private record Trace(List<String> calls, int source, int destination, long spliced) {}

    private static Trace trace(OnThread kind, String growth, Path file) throws Exception {
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
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FlowCalls.class.getName(),
                        kind.name(),
                        growth)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String[] numbers = said.strip().split(" ", -1);
        List<String> calls = Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("^\\d+ +", ""))
                // Of a call that is cut in two lines the first counts; but only the second has what pipe2(2) was told.
                .filter(line -> !line.startsWith("<... ") || line.startsWith("<... pipe2"))
                .toList();
        return new Trace(calls, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Long.parseLong(numbers[2]));
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

    /** Two splices a round, and nothing else is done to the ends, nor to a pipe. */
    @ParameterizedTest
    @CsvSource({"VIRTUAL, allowed", "PLATFORM, allowed", "VIRTUAL, refused"})
    @NeedsTool("strace")
    void aRoundIsTwoSplices(OnThread kind, String growth, @TempDir Path folder) throws Exception {
        Trace trace = trace(kind, growth, folder.resolve("trace"));
        List<String> steady = trace.calls().subList(mark(trace.calls(), "begin") + 1, mark(trace.calls(), "end"));
        assertThat(trace.spliced()).isPositive();
        String ends = "(" + trace.source() + "|" + trace.destination() + ")";
        long fills = count(steady, "splice\\(" + trace.source() + ",.*");
        long drains = count(steady, "splice\\(\\d+, NULL, " + trace.destination() + ",.*");
        assertThat(fills).isPositive();
        assertThat(drains).isPositive();
        assertThat(steady).noneMatch(call -> call.contains("SPLICE_F_MORE"));
        assertThat(count(steady, "(fcntl|ioctl)\\(.*")).as("no pipe is asked or set").isZero();
        assertThat(count(steady, "(pipe2|close)\\(.*")).as("none is made, none closed").isZero();
        long small = count(steady, "(read|write)\\(" + ends + ",.*");
        assertThat(small).as("by the buffer, now and then").isLessThan((fills + drains) / 2);
        assertThat(fills).as("rounds").isLessThan(trace.spliced() / LEAST_ROUND);
        assertThat(count(trace.calls(), "fcntl\\(\\d+, F_SETPIPE_SZ, .*")).as("asked once").isLessThanOrEqualTo(1);
        assertThat(count(trace.calls(), "(<\\.\\.\\. )?pipe2.*O_NONBLOCK\\|O_CLOEXEC.*"))
                .as("a small one for each flow, one of which has become large")
                .isBetween(1L, 2L);
    }
}
