// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a JVM ends in which virtual threads wait: each time one of its own. */
class ExitTest {
    /** Exits while a virtual thread waits, after a shutdown hook has waited for another one. */
    static final class Exiting {
        public static void main(String[] arguments) throws Exception {
            Pipe quiet = Pipe.open();
            Thread waiting = Thread.startVirtualThread(() -> read(quiet));
            while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            if (arguments.length > 0) {
                Runtime.getRuntime().addShutdownHook(new Thread(Exiting::talk));
            }
            System.out.println(ProcessHandle.current().pid());
            System.exit(0);
        }

        private static void talk() {
            try (Pipe pipe = Pipe.open()) {
                for (int i = 0; i < 10; i++) {
                    Thread reader = Thread.startVirtualThread(() -> read(pipe));
                    while (reader.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    Bytes.write(pipe.sink(), "woken");
                    reader.join();
                }
                System.out.println("hook done");
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }

        private static void read(Pipe pipe) {
            try {
                Bytes.read(pipe.source());
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    /** A thread in the kernel holds up the exit for 300 ms: see VM_Exit in the JDK's vmOperations.cpp. */
    @Test
    void aWaitDoesNotHoldUpTheExit() {
        assertThat(IntStream.range(0, 5).mapToObj(i -> exitTime()).min(Duration::compareTo).orElseThrow())
                .isLessThan(Duration.ofMillis(150));
    }

    private static Duration exitTime() {
        try (Child child = start()) {
            assertThat(Bytes.read(child.stdout())).isNotEqualTo("EOF");
            long start = System.nanoTime();
            assertThat(Bytes.readAll(child.stdout())).isEmpty();
            assertThat(child.waitFor()).isZero();
            return Duration.ofNanos(System.nanoTime() - start);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** All shutdown hooks run at once, and some may still have something to read. */
    @Test
    void virtualThreadsAreWokenDuringTheExitToo() throws Exception {
        try (Child child = start("talk")) {
            assertThat(new String(Bytes.readAll(child.stdout()), US_ASCII)).endsWith("hook done\n");
            assertThat(child.waitFor()).isZero();
        }
    }

    private static Child start(String... arguments) throws IOException {
        return Child.start(
                new ProcessBuilder(Jvm.command(Exiting.class, arguments)).redirectErrorStream(true));
    }
}
