// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threads that the first wait of a virtual thread starts: each test in a JVM in which nobody has waited yet. */
class PollerStartTest {
    private static String run(String limits, Class<?> main) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        limits + " exec \"$@\"",
                        "sh",
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** What came of a read that had to wait. */
    private static String readAfterWaiting(Pipe pipe) throws Exception {
        String[] answer = new String[1];
        Thread reader = Thread.startVirtualThread(() -> {
            try {
                answer[0] = Bytes.read(pipe.source());
            } catch (Throwable failure) {
                answer[0] = failure.toString();
            }
        });
        while (reader.getState() != Thread.State.WAITING && reader.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        Bytes.write(pipe.sink(), "woken");
        reader.join();
        return answer[0];
    }

    static final class OutOfDescriptors {
        public static void main(String[] arguments) throws Exception {
            loadAll();
            Pipe pipe = Pipe.open();
            Bytes.write(pipe.sink(), "all that is to be used");
            Bytes.read(pipe.source());
            List<Pipe> all = new ArrayList<>();
            try {
                for (;;) {
                    all.add(Pipe.open());
                }
            } catch (IOException full) {
                System.out.println("full");
            }
            System.out.println(readAfterWaiting(pipe));
            Bytes.read(pipe.source());
            for (Pipe one : all) {
                one.close();
            }
            System.out.println(readAfterWaiting(pipe));
        }

        // A class file could not be opened either.
        private static void loadAll() throws Exception {
            try (Stream<Path> files = Files.walk(BuiltClasses.folder())) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                    String name = BuiltClasses.folder().relativize(file).toString();
                    if (!name.contains("-info")) {
                        Class.forName(
                                name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                                false,
                                Descriptor.class.getClassLoader());
                    }
                }
            }
        }
    }

    @Test
    void whoCannotWaitForWantOfDescriptorsCanLater() throws Exception {
        String said = run("ulimit -n 100;", OutOfDescriptors.class);
        assertThat(said.lines()).hasSize(3).last().isEqualTo("woken");
        assertThat(said.lines().skip(1).findFirst().orElseThrow()).contains("EMFILE");
    }

    static final class Inheritance {
        public static void main(String[] arguments) throws Exception {
            ClassLoader own = new ClassLoader() {};
            Thread.currentThread().setContextClassLoader(own);
            Pipe pipe = Pipe.open();
            System.out.println(readAfterWaiting(pipe));
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("sluice-")) {
                    System.out.println(thread.getName() + " " + own.equals(thread.getContextClassLoader()));
                }
            }
        }
    }

    @Test
    void theMasterKeepsNothingOfTheFirstUsersThread() throws Exception {
        assertThat(run("", Inheritance.class).lines()).containsExactly("woken", "sluice-master false");
    }
}
