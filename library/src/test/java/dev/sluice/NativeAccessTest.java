// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeAccessTest {
    /** Run in a JVM of its own. */
    static final class Denied {
        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < 2; i++) {
                try {
                    Pipe.open().close();
                } catch (UnsupportedOperationException refusal) {
                    System.out.println(refusal.getMessage());
                }
            }
        }
    }

    @Test
    void withoutNativeAccessTheFirstUseSaysSoInOneSentence() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--illegal-native-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Denied.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), UTF_8);
        assertThat(java.waitFor()).isZero();
        assertThat(said.lines()).hasSize(2).allMatch(line -> line.contains("--enable-native-access=dev.sluice"));
    }
}
