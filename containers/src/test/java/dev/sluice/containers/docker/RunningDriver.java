// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Command;
import dev.sluice.testing.Dockerd;
import dev.sluice.testing.Jvm;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A {@link TestDriver} that dockerd can find by a name which no other test run has. */
final class RunningDriver implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Path socket;
    private final Process process;

    private RunningDriver(String name, Path socket, Process process) {
        this.name = name;
        this.socket = socket;
        this.process = process;
    }

    static RunningDriver start(Path folder) throws IOException {
        String name = "sluicetest" + ProcessHandle.current().pid();
        Files.createDirectories(Dockerd.PLUGINS);
        Path socket = Dockerd.PLUGINS.resolve(name + ".sock");
        Path output = folder.resolve("driver.out");
        Process process = new ProcessBuilder(Jvm.command(TestDriver.class, folder.toString(), socket.toString()))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        RunningDriver driver = new RunningDriver(name, socket, process);
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Files.readString(output).contains("ready\n") || !process.isAlive());
            assertThat(Files.readString(output)).isEqualTo("ready\n");
            return driver;
        } catch (IOException | RuntimeException | Error failure) {
            driver.close();
            throw failure;
        }
    }

    /** What users say after {@code --log-driver}. */
    String name() {
        return name;
    }

    /** Sends a signal, such as STOP. */
    void signal(String signal) {
        Command.of("kill", "-" + signal, String.valueOf(process.pid())).run();
    }

    /** The first options of a {@code docker run} that is to log by it. */
    List<String> options() {
        return List.of("--log-driver", name);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(socket);
    }
}
