// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * The command as users have it: the real launcher over the jar of this build and a start-up cache that the launcher
 * itself makes, in a folder of the tests' own. Nothing but the launcher is built there, so it finds nothing that is
 * newer.
 */
final class Sluice {
    private static final Path LAUNCHER = setUp();

    private Sluice() {}

    private static Path setUp() {
        try {
            Path base = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
            Path home = openFolder();
            Path launcher = home.resolve("sluice");
            Path target = Files.createDirectories(home.resolve("cli/target"));
            Files.copy(base.resolve("../sluice"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
            Files.createSymbolicLink(home.resolve("sluice-containerd-logger"), Path.of("sluice"));
            Files.copy(base.resolve("target/sluice.jar"), target.resolve("sluice.jar"));
            Files.createDirectories(target.resolve("launcher"));
            Files.createFile(target.resolve("launcher/built"));
            Process first = command(launcher, "--version").start();
            Result result = Result.of(first);
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err()).startsWith("sluice: setting up: making the start-up cache");
            return launcher;
        } catch (Exception failed) {
            throw new ExceptionInInitializerError(failed);
        }
    }

    /** A folder for this test run that every user can look into. */
    private static Path openFolder() throws IOException {
        TemporaryFolder folder = new TemporaryFolder("sluice-it");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                folder.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }));
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.path();
    }

    private static ProcessBuilder command(Path launcher, String... args) {
        List<String> words = new ArrayList<>(List.of(launcher.toString()));
        words.addAll(Arrays.asList(args));
        return prepared(launcher, words);
    }

    private static ProcessBuilder prepared(Path launcher, List<String> words) {
        // Whoever runs the tests in the background or under nohup(1) has them ignore signals, and all that they start.
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,PIPE,QUIT,TERM"));
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("SLUICE_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("S", launcher.toString());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    /** Where the command is. */
    static Path launcher() {
        return LAUNCHER;
    }

    /** The command, to be started; its standard streams are pipes unless the builder is told otherwise. */
    static ProcessBuilder command(String... args) {
        return command(LAUNCHER, args);
    }

    /** Where the link lies that containerd starts. */
    static Path containerdLogger() {
        return LAUNCHER.resolveSibling("sluice-containerd-logger");
    }

    /** A shell script, to be started, in which {@code "$S"} is the command. */
    static ProcessBuilder script(Path folder, String script) {
        return prepared(LAUNCHER, List.of("bash", "-c", script)).directory(folder.toFile());
    }

    /** Runs the command on an input that is empty. */
    static Result run(String... args) throws Exception {
        return Result.of(command(args).start());
    }

    /** Runs a shell script, in which {@code "$S"} is the command, in this folder. */
    static Result shell(Path folder, String script) throws Exception {
        return Result.of(script(folder, script).start());
    }

    /** How a command ended, and what it wrote. */
    record Result(int exit, String out, String err) {
        /** Closes its input, and waits for it. */
        static Result of(Process process) throws Exception {
            process.getOutputStream().close();
            FutureTask<String> err = read(process.getErrorStream());
            String out = read(process.getInputStream()).get();
            return new Result(process.waitFor(), out, err.get());
        }

        private static FutureTask<String> read(InputStream stream) {
            Callable<String> all = () -> new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            FutureTask<String> reading = new FutureTask<>(all);
            Thread.ofPlatform().daemon().start(reading);
            return reading;
        }

        /** Asserts that it succeeded, silently. */
        Result succeeded() {
            assertThat(this.err).isEmpty();
            assertThat(this.exit).isZero();
            return this;
        }

        /**
         * Asserts that it failed as users are promised: this exit code, one line on standard error, no byte of output.
         */
        void failed(int exit, String line) {
            assertThat(this.err).isEqualTo("sluice: " + line + "\n");
            assertThat(this.exit).isEqualTo(exit);
            assertThat(this.out).isEmpty();
        }
    }
}
