// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.OnThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The library's own threads: none before one is needed, and none that holds up the end of the JVM. */
class ThreadsTest {
    /** Run in a JVM of its own. */
    static final class Waits {
        public static void main(String[] arguments) throws Exception {
            Pipe pipe = Pipe.open();
            Bytes.write(pipe.sink(), "x");
            Bytes.read(pipe.source());
            System.out.println("ready: " + ourThreads());
            OnThread.PLATFORM.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            System.out.println("platform: " + ourThreads());
            Pipe other = Pipe.open();
            OnThread.VIRTUAL.call(() -> Bytes.read(other.source())).awaitWaiting();
            System.out.println("virtual: " + ourThreads());
            Path file = Files.createTempFile("threads", "");
            OnThread.VIRTUAL.run(() -> {
                        try (Descriptor out = Descriptor.open(file, StandardOpenOption.WRITE)) {
                            Bytes.write(out, "x");
                        }
                    })
                    .get();
            Files.delete(file);
            System.out.println("end");
            // Waits are under way, a watch too, and yet the JVM ends now.
            other.sink().onHangup(hangup -> {});
        }

        private static String ourThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("sluice"))
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    @Test
    void thereAreNoneBeforeOneIsNeededAndNoneHoldsUpTheEnd() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waits.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("ready: ", "platform: ", "virtual: sluice-master", "end");
        assertThat(process.exitValue()).isZero();
    }
}
