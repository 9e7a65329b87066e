// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A {@link TestDaemon} as a process of its own, which is killed at the close. */
final class RunningDaemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path output;

    private RunningDaemon(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it and waits until it is ready. */
    static RunningDaemon start(Path folder, Path control, String... options) throws IOException {
        return launch(List.of(), Map.of(), folder, control, options).awaitReady();
    }

    /** Starts it, by a command that takes the rest of its arguments for the one to be run. */
    static RunningDaemon launch(
            List<String> by, Map<String, String> environment, Path folder, Path control, String... options)
            throws IOException {
        Path output = Files.createTempFile("daemon", ".out");
        List<String> command = new ArrayList<>(by);
        command.addAll(Jvm.command(TestDaemon.class, folder.toString(), control.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new RunningDaemon(builder.start(), output);
    }

    RunningDaemon awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> output().contains("ready\n") || !process.isAlive());
        assertThat(output()).contains("ready\n");
        return this;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Kills it with -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Sends SIGTERM. */
    RunningDaemon terminate() {
        process.destroy();
        return this;
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.delete(output);
    }
}
