// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What a JVM of its own says, for tests whose subject is a whole process: see {@link dev.sluice.testing.Jvm}. */
final class Java {
    private Java() {}

    /** Runs a command, which must exit with 0: what it says, on standard error too. */
    static String output(List<String> command) throws Exception {
        try (Child child = Child.start(new ProcessBuilder(command).redirectErrorStream(true))) {
            String output = new String(Bytes.readAll(child.stdout()), UTF_8);
            assertThat(child.waitFor()).as(output).isZero();
            return output;
        }
    }
}
