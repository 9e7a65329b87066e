// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Another process. It is killed at the close, if it still runs. */
public final class Other implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path output;

    private Other(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a program. Its standard output goes to a file, so that it never waits for us.
     *
     * @param command the program and its arguments
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static Other start(String... command) throws IOException {
        Path output = Files.createTempFile("other", ".out");
        Process process = new ProcessBuilder(command)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(Redirect.INHERIT)
                .start();
        return new Other(process, output);
    }

    /**
     * Tells the process's number.
     *
     * @return the number
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Tells whether the process runs.
     *
     * @return whether it has not exited
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the process is blocked in open(2) of a FIFO that has no peer. (One that is not released may still
     * wake for a moment, and look.)
     *
     * @return this
     */
    public Other awaitOpening() {
        await("is blocked in open(2)", () -> proc("wchan").equals("wait_for_partner"));
        return this;
    }

    private String proc(String name) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid()), name)).strip();
        } catch (IOException gone) {
            throw new AssertionError(process + " is gone", gone);
        }
    }

    /**
     * Tells what the process has written to its standard output so far.
     *
     * @return the text
     */
    public String output() {
        try {
            return Files.readString(output, UTF_8);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /**
     * Waits until the process has exited.
     *
     * @return its exit value
     */
    public int exit() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(process + " should have exited");
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private void await(String what, Callable<Boolean> condition) {
        Awaitility.await(process + " " + what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    /** Kills the process, if it runs, and waits for its end. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        exit();
        Files.delete(output);
    }
}
