// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.Constants;
import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program that adopts its standard input and output does to the shell that started it: nothing. */
class StandardStreamsTest {
    /** Run in a JVM of its own. */
    static final class Adopter {
        public static void main(String[] arguments) throws Exception {
            Descriptor in = Descriptor.adopt(0);
            Descriptor out = Descriptor.adopt(1);
            Thread reader = Thread.ofVirtual().unstarted(() -> {
                try {
                    Bytes.write(out, "adopted\n");
                    for (String word = Bytes.read(in); !word.equals("exit\n"); word = Bytes.read(in)) {
                        if (word.equals("EOF")) {
                            return;
                        }
                        Bytes.write(out, "got " + word);
                    }
                } catch (IOException failure) {
                    failure.printStackTrace();
                    Runtime.getRuntime().halt(3);
                }
            });
            reader.start();
            reader.join();
        }
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String said(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @ParameterizedTest
    @CsvSource({"pipe,exit", "pipe,kill", "pty,exit", "pty,kill", "fifo,kill", "unix,exit", "tcp,kill", "file,exit"})
    @NeedsTool("python3")
    void theFlagsThatItSharesAreUnchangedAfterExitAndAfterKill(String kind, String end) throws Exception {
        assertThat(said(start(command(kind, end)))).isEqualTo(end.equals("kill") ? "unchanged -9\n" : "unchanged 0\n");
    }

    private static List<String> command(String kind, String end) throws URISyntaxException {
        Path script = Path.of(Objects.requireNonNull(StandardStreamsTest.class.getResource("standard-streams.py"))
                .toURI());
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), kind, end));
        command.addAll(Jvm.command(Adopter.class));
        return command;
    }

    /** Run in a JVM of its own. */
    static final class Closer {
        public static void main(String[] arguments) throws Exception {
            Descriptor in = Descriptor.adopt(0);
            in.close();
            System.out.println(Numbers.target(0));
            System.out.println((Numbers.flags("self", 0) & Constants.O_CLOEXEC) != 0);
            try (Pipe pipe = Pipe.open()) {
                System.out.println(Numbers.of(pipe.source()) > 2);
            }
            Process child = new ProcessBuilder("readlink", "/proc/self/fd/0")
                    .redirectInput(Redirect.INHERIT)
                    .redirectOutput(Redirect.INHERIT)
                    .start();
            child.waitFor();
        }
    }

    @Test
    void aClosedOneBecomesTheNullDeviceForOurChildrenToo() throws Exception {
        Process process = new ProcessBuilder(Jvm.command(Closer.class))
                .redirectInput(Redirect.from(Files.createTempFile("input", "").toFile()))
                .redirectErrorStream(true)
                .start();
        assertThat(said(process).lines()).containsExactly("/dev/null", "false", "true", "/dev/null");
    }
}
