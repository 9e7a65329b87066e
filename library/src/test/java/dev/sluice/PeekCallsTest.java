// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.OnThread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a look into a pipe costs, that it takes nothing, and what it says where the kernel refuses it. */
class PeekCallsTest {
    private static final String TRACED = "read,tee,splice,ioctl,fcntl,pipe2,close,poll,ppoll,epoll_ctl";

    @ParameterizedTest
    @EnumSource
    @NeedsTool("strace")
    void aLookAtWhatIsThereCostsThreeCallsAndTakesNothing(OnThread kind, @TempDir Path folder) throws Exception {
        List<Long> numbers = new ArrayList<>();
        SystemCalls look = SystemCalls.trace(
                        TRACED, folder.resolve("trace"), Jvm.command(PeekCalls.class, kind.name()), numbers)
                .between("look");
        long source = numbers.getFirst();
        int rounds = PeekCalls.ROUNDS;

        assertThat(look.count("ioctl\\(" + source + ", FIONREAD,.*")).isEqualTo(rounds);
        assertThat(look.count("tee\\(" + source + ", .*")).isEqualTo(rounds);
        assertThat(look.count("\\w+\\(" + source + "\\D.*")).as("nothing else").isEqualTo(2L * rounds);
        assertThat(look.count("read\\(.*what is looked at.*")).as("of another pipe").isEqualTo(rounds);
        assertThat(look.count("(fcntl|pipe2|poll|ppoll)\\(.*")).isZero();
    }

    @Test
    void aRefusalIsTold() throws Exception {
        assertThat(Java.output(Jvm.command(PeekRefused.class)).lines())
                .containsExactly(
                        "peek pipe (read end): EPERM (Operation not permitted), no pipe as large to look by",
                        "peek pipe (read end): EMFILE (Too many open files), no pipe to look by",
                        "tee pipe (read end): ENOSYS (Function not implemented)",
                        "131072 bytes there");
    }
}
