// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.OnThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many system calls a fan-out costs, and that tee(2) is one of them: proven by strace(1). */
class FanOutCallsTest {
    private static final String TRACED = "tee,splice,pipe2,fcntl,ioctl,write";

    /**
     * With four destinations a chunk takes the splice into the hub, three tees (the last one gets the hub itself) and
     * four splices out: as many as a loop in C takes.
     */
    @ParameterizedTest
    @EnumSource
    @NeedsTool("strace")
    void aChunkIsTeedAndALineIsCopied(OnThread kind, @TempDir Path folder) throws Exception {
        List<Long> numbers = new ArrayList<>();
        SystemCalls calls = SystemCalls.trace(
                TRACED, folder.resolve("trace"), Jvm.command(FanOutCalls.class, kind.name()), numbers);
        long source = numbers.get(0);
        assertThat(numbers.get(1)).as("spliced").isGreaterThan(numbers.get(2) / 2);
        int chunks = FanOutCalls.CHUNKS;
        int destinations = FanOutCalls.DESTINATIONS;

        SystemCalls steady = calls.between("chunks");
        assertThat(steady.count("tee\\(.*")).isEqualTo((long) chunks * (destinations - 1));
        long fills = steady.count("splice\\(" + source + ",.*");
        assertThat(fills).as("one that finds nothing before each wait").isBetween((long) chunks, 3L * chunks);
        assertThat(steady.count("splice\\(.*") - fills).isEqualTo((long) chunks * destinations);
        assertThat(steady.count("(pipe2|fcntl|ioctl)\\(.*")).as("no pipe is made, asked or set").isZero();

        SystemCalls lines = calls.between("lines");
        assertThat(lines.count("(tee|splice)\\(.*")).isZero();
        assertThat(lines.count("write\\(.*\\) = " + FanOutCalls.LINE))
                .as("one by the source's writer, and one for each destination")
                .isEqualTo((long) chunks * (1 + destinations));
    }
}
