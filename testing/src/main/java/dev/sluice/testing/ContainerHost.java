// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What {@link Dockerd} and {@link Containerd} have in common: a daemon with a folder of its own, of which nothing is
 * left in the end: no process that was given a path in the folder, no mount in it, no cgroup that bears its name.
 */
final class ContainerHost {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final Path folder;
    private final Thread atExit = new Thread(this::clear, "clear-container-host");
    private Process process;

    private ContainerHost(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    /** A name that nobody else on this machine has: for a folder, a namespace, a cgroup. */
    static String uniqueName() {
        return "sluicetest" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();
    }

    /** A folder with a short path, because a Unix-domain socket's may have 107 bytes only. */
    static Path folder(String name) throws IOException {
        return Files.createDirectory(Path.of("/tmp", name));
    }

    static void checkNeeds(String... programs) {
        Needs.check(isRoot(), "root");
        for (String program : programs) {
            Needs.check(Tools.find(program).isPresent(), program);
        }
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Starts a daemon, and waits until it answers. Where it ends instead, this machine cannot run it (a container
     * without the rights to mount, say), and that is a missing need.
     */
    static ContainerHost start(String name, Path folder, List<String> command, BooleanSupplier answers)
            throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        ContainerHost host = new ContainerHost(name, folder, process);
        Runtime.getRuntime().addShutdownHook(host.atExit);
        try {
            await("answers", () -> !process.isAlive() || answers.getAsBoolean());
        } catch (ConditionTimeoutException late) {
            String log = host.log();
            host.close();
            throw new AssertionError(command + " does not answer: " + log, late);
        }
        if (!process.isAlive()) {
            String log = host.log();
            host.close();
            Needs.check(false, command.getFirst() + " that can run here: " + log);
        }
        return host;
    }

    Path folder() {
        return folder;
    }

    long pid() {
        return process.pid();
    }

    /** The last of what the daemon has said. */
    String log() {
        try {
            String all = Files.readString(folder.resolve("log"), UTF_8);
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    /** Ends all that there is. */
    void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        clear();
    }

    private void clear() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        await("ends its processes", () -> kill(processes(folder)));
        unmount(folder);
        await("removes its cgroups", () -> Cgroups.remove(name));
        delete(folder);
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(condition::getAsBoolean);
    }

    /** Daemons, and the shims that outlive them: whoever was started with a path in the folder. */
    static List<ProcessHandle> processes(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .filter(handle -> commandLine(handle).contains(folder + "/"))
                .toList();
    }

    private static String commandLine(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(handle.pid()), "cmdline"), UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    // A shim's container goes with it: its PID namespace has lost its init then, or it is a child that we see too.
    private static boolean kill(List<ProcessHandle> processes) {
        for (ProcessHandle handle : processes) {
            handle.children().forEach(ProcessHandle::destroyForcibly);
            handle.destroyForcibly();
        }
        return processes.isEmpty();
    }

    private static void unmount(Path folder) {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            mounts.map(line -> line.split(" ", -1)[4])
                    .filter(place -> place.startsWith(folder + "/"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(place -> Command.of("umount", "--lazy", place).outcome(PATIENCE));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path folder) {
        Command.of("rm", "-rf", "--one-file-system", folder.toString()).run();
    }
}
