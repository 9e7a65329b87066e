// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end: with nothing to read, and with a time after which it is killed. What it says goes
 * to files meanwhile, so it never waits for us.
 */
public final class Command {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<String> words;
    private final Map<String, String> environment;

    private Command(List<String> words, Map<String, String> environment) {
        this.words = words;
        this.environment = environment;
    }

    /**
     * What came of it.
     *
     * @param exit its exit value
     * @param out what it wrote to its standard output
     * @param err what it wrote to its standard error
     */
    public record Outcome(int exit, byte[] out, byte[] err) {
        /**
         * Tells its standard output as text.
         *
         * @return the text
         */
        public String text() {
            return new String(out, UTF_8);
        }

        /**
         * Tells its standard error as text.
         *
         * @return the text
         */
        public String errorText() {
            return new String(err, UTF_8);
        }
    }

    /**
     * Says what to run.
     *
     * @param words the program and its arguments
     * @return the command
     */
    public static Command of(String... words) {
        return new Command(List.of(words), Map.of());
    }

    /**
     * Says what to run.
     *
     * @param words the program and its arguments
     * @param environment what is added to our environment
     * @return the command
     */
    public static Command of(List<String> words, Map<String, String> environment) {
        return new Command(List.copyOf(words), Map.copyOf(environment));
    }

    /**
     * Runs it to a good end, within 60 seconds.
     *
     * @return what it wrote to its standard output
     * @throws AssertionError if it fails, with what it wrote to its standard error; or if it is not done in time
     */
    public String run() {
        Outcome outcome = outcome(PATIENCE);
        if (outcome.exit() != 0) {
            throw new AssertionError(words + " exited with " + outcome.exit() + ": " + outcome.errorText());
        }
        return outcome.text();
    }

    /**
     * Runs it to its end, good or bad.
     *
     * @param limit how long it may take
     * @return what came of it
     * @throws AssertionError if it is not done in time; it has been killed then
     */
    public Outcome outcome(Duration limit) {
        try {
            Path out = Files.createTempFile("command", ".out");
            Path err = Files.createTempFile("command", ".err");
            try {
                int exit = exit(builder().redirectOutput(out.toFile()).redirectError(err.toFile()), limit);
                return new Outcome(exit, Files.readAllBytes(out), Files.readAllBytes(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Prepares a process that the caller starts, reads and ends.
     *
     * @return a builder, whose standard input is empty
     */
    public ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private int exit(ProcessBuilder builder, Duration limit) throws IOException {
        Process process = builder.start();
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError(words + " is not done after " + limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }
}
