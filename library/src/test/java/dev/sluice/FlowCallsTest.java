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
import org.junit.jupiter.params.provider.CsvSource;

/** How many system calls a flow between sockets costs: proven by strace(1). */
class FlowCallsTest {
    private static final String TRACED = "read,write,splice,pipe2,fcntl,ioctl,poll,ppoll,close";
    private static final int LEAST_ROUND = 4 * 1024;

    /** Two splices a round, and nothing else is done to the ends, nor to a pipe. */
    @ParameterizedTest
    @CsvSource({"VIRTUAL, allowed", "PLATFORM, allowed", "VIRTUAL, refused"})
    @NeedsTool("strace")
    void aRoundIsTwoSplices(OnThread kind, String growth, @TempDir Path folder) throws Exception {
        List<Long> numbers = new ArrayList<>();
        SystemCalls calls = SystemCalls.trace(
                TRACED, folder.resolve("trace"), Jvm.command(FlowCalls.class, kind.name(), growth), numbers);
        long source = numbers.get(0);
        long destination = numbers.get(1);
        long spliced = numbers.get(2);
        SystemCalls steady = calls.between("flow");
        assertThat(spliced).isPositive();
        String ends = "(" + source + "|" + destination + ")";
        long fills = steady.count("splice\\(" + source + ",.*");
        long drains = steady.count("splice\\(\\d+, NULL, " + destination + ",.*");
        assertThat(fills).isPositive();
        assertThat(drains).isPositive();
        assertThat(steady.all()).noneMatch(call -> call.contains("SPLICE_F_MORE"));
        assertThat(steady.count("(fcntl|ioctl)\\(.*")).as("no pipe is asked or set").isZero();
        assertThat(steady.count("(pipe2|close)\\(.*")).as("none is made, none closed").isZero();
        long small = steady.count("(read|write)\\(" + ends + ",.*");
        assertThat(small).as("by the buffer, now and then").isLessThan((fills + drains) / 2);
        assertThat(fills).as("rounds").isLessThan(spliced / LEAST_ROUND);
        assertThat(calls.count("fcntl\\(\\d+, F_SETPIPE_SZ, .*")).as("asked once").isLessThanOrEqualTo(1);
        assertThat(calls.count("(<\\.\\.\\. )?pipe2.*O_NONBLOCK\\|O_CLOEXEC.*"))
                .as("a small one for each flow, one of which has become large")
                .isBetween(1L, 2L);
    }
}
