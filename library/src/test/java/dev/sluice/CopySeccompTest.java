// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers may be refused the fast ways by seccomp(2), with whichever errno: the copy goes on, once it has found out.
 */
@ExtendWith(NothingLeft.class)
class CopySeccompTest {
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {EPERM, ENOSYS})
    void withoutSplice(int errno) throws Exception {
        assertThat(run("splice", errno))
                .hasSize(2)
                .containsOnly("END_OF_SOURCE whole=true bytes=2097152 all-copied=true refusals=1 capacity=65536");
    }

    @Test
    void withoutCopyFileRange() throws Exception {
        assertThat(run("copy_file_range", ENOSYS))
                .hasSize(2)
                .containsOnly("END_OF_SOURCE whole=true bytes=2097152 all-copied=true refusals=1 capacity=0");
    }

    /** As past the quota of a user's pipes. */
    @Test
    void withoutLargerPipes() throws Exception {
        assertThat(run("growth", EPERM))
                .hasSize(2)
                .containsOnly("END_OF_SOURCE whole=true bytes=2097152 all-copied=false refusals=0 capacity=65536");
    }

    private List<String> run(String what, int errno) throws Exception {
        return Java.output(Jvm.command(CopyRefused.class, what, String.valueOf(errno), folder.toString()))
                .lines()
                .toList();
    }
}
