// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies between sockets where the kernel refuses what they are made of: they go on with what there is. */
@ExtendWith(NothingLeft.class)
class CopySocketsRefusedTest {
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int ENOSYS = 38;

    private static Stream<Arguments> onBoth(int... errnos) {
        return Stream.of(OnThread.values())
                .flatMap(kind -> IntStream.of(errnos).mapToObj(errno -> Arguments.of(kind, errno)));
    }

    static Stream<Arguments> refusals() {
        return onBoth(EPERM, EINVAL, ENOSYS);
    }

    static Stream<Arguments> tooMany() {
        return onBoth(EMFILE, ENFILE);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void withoutSplice(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "splice", errno, "first"))
                .isEqualTo("END_OF_SOURCE whole=true spliced=false refusals=1 used=0");
    }

    /** With bytes in the pipe, which are read out and written on. */
    @ParameterizedTest
    @MethodSource("refusals")
    void withoutSpliceFromTheMiddleOn(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "splice", errno, "midway"))
                .isEqualTo("END_OF_SOURCE whole=true spliced=false refusals=1 used=0");
    }

    /** Each round that would go through one counts. */
    @ParameterizedTest
    @MethodSource("tooMany")
    void withTooManyDescriptorsForAPipe(OnThread kind, int errno) throws Exception {
        assertThat(run(kind, "pipe2", errno, "first"))
                .isEqualTo("END_OF_SOURCE whole=true spliced=false refusals=2 used=0");
    }

    /** As past the quota of a user's pipes. */
    @ParameterizedTest
    @EnumSource
    void withoutLargerPipes(OnThread kind) throws Exception {
        assertThat(run(kind, "growth", EPERM, "first"))
                .isEqualTo("END_OF_SOURCE whole=true spliced=true refusals=0 used=0");
    }

    private static String run(OnThread kind, String what, int errno, String when) throws Exception {
        return Java.output(Jvm.command(SocketsRefused.class, kind.name(), what, String.valueOf(errno), when))
                .strip();
    }
}
