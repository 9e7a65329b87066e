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
import org.junit.jupiter.params.provider.EnumSource;

/** How many system calls a fan-out costs, and that tee(2) is one of them: proven by strace(1). */
class FanOutCallsTest {
    private static final String TRACED =
            "trace=stat,newfstatat,statx,access,faccessat,faccessat2,tee,splice,pipe2,fcntl,ioctl,write";

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

    /**
     * With four destinations a chunk takes the splice into the hub, three tees (the last one gets the hub itself) and
     * four splices out: as many as a loop in C takes.
     */
    @ParameterizedTest
    @EnumSource
    @NeedsTool("strace")
    void aChunkIsTeedAndALineIsCopied(OnThread kind, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("trace");
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
                        FanOutCalls.class.getName(),
                        kind.name())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String[] numbers = said.strip().split(" ", -1);
        int source = Integer.parseInt(numbers[0]);
        assertThat(Long.parseLong(numbers[1])).as("spliced").isGreaterThan(Long.parseLong(numbers[2]) / 2);
        List<String> calls = Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("^\\d+ +", ""))
                .filter(line -> !line.startsWith("<... "))
                .toList();
        int chunks = FanOutCalls.CHUNKS;
        int destinations = FanOutCalls.DESTINATIONS;

        List<String> steady = calls.subList(mark(calls, "chunks-begin") + 1, mark(calls, "chunks-end"));
        assertThat(count(steady, "tee\\(.*")).isEqualTo((long) chunks * (destinations - 1));
        long fills = count(steady, "splice\\(" + source + ",.*");
        assertThat(fills).as("one that finds nothing before each wait").isBetween((long) chunks, 3L * chunks);
        assertThat(count(steady, "splice\\(.*") - fills).isEqualTo((long) chunks * destinations);
        assertThat(count(steady, "(pipe2|fcntl|ioctl)\\(.*")).as("no pipe is made, asked or set").isZero();

        List<String> lines = calls.subList(mark(calls, "lines-begin") + 1, mark(calls, "lines-end"));
        assertThat(count(lines, "(tee|splice)\\(.*")).isZero();
        assertThat(count(lines, "write\\(.*\\) = " + FanOutCalls.LINE))
                .as("one by the source's writer, and one for each destination")
                .isEqualTo((long) chunks * (1 + destinations));
    }
}
