// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fan-out whose kernel refuses, in the middle of it, what it is made of: it goes on with what there is. */
@ExtendWith(NothingLeft.class)
class FanOutRefusedTest {
    private static final int EPERM = 1;
    private static final int EMFILE = 24;
    private static final int ENOSYS = 38;

    @ParameterizedTest
    @CsvSource({"VIRTUAL," + EPERM, "PLATFORM," + ENOSYS})
    void withoutTee(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "tee", errno)).startsWith("END_OF_SOURCE whole=true").endsWith("refusals=1 used=0");
    }

    @ParameterizedTest
    @CsvSource({"VIRTUAL," + EPERM, "PLATFORM," + ENOSYS})
    void withoutSplice(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "splice", errno)).startsWith("END_OF_SOURCE whole=true").endsWith("refusals=1 used=0");
    }

    /** There is one, which the first destination had; whoever has none gets the chunk in memory. */
    @ParameterizedTest
    @CsvSource({"VIRTUAL," + EMFILE, "PLATFORM," + EMFILE})
    void withTooManyDescriptorsForAPipe(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "pipe2", errno)).startsWith("END_OF_SOURCE whole=true spliced=true").endsWith("used=0");
    }

    /** The hub is large and the other pipes are not, as past the quota of a user's pipes: so a tee is short. */
    @ParameterizedTest
    @CsvSource({"VIRTUAL," + EPERM, "PLATFORM," + EPERM})
    void withoutLargerPipes(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "growth", errno)).isEqualTo("END_OF_SOURCE whole=true spliced=true refusals=0 used=0");
    }

    private static String run(OnThread kind, String what, int errno) throws Exception {
        List<String> java = Jvm.command(FanOutRefused.class, kind.name(), what, String.valueOf(errno));
        java.add(1, "-ea");
        return Java.output(java).strip();
    }
}
