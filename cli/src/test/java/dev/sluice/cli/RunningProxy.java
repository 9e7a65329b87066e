// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The command {@code sluice proxy} under way. */
final class RunningProxy implements AutoCloseable {
    private static final String GREETING = "sluice: listening on ";
    private static final long TICKS_A_SECOND = 100; // sysconf(_SC_CLK_TCK), 100 on every Linux

    private static final long IDLE_MILLIS = 20;

    private final Process process;
    private final Path errors;
    private String address = "";
    private int idleSockets;

    private RunningProxy(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** Starts it in this process's network namespace: on a free port, of the loopback address as none is named. */
    static RunningProxy start(String target, String... options) throws IOException {
        return start(List.of(), "tcp:0", target, options);
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param prefix of the command, such as nsenter(1)
     * @param listen the first address
     * @param target the second one
     * @param options if any
     */
    static RunningProxy start(List<String> prefix, String listen, String target, String... options)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("proxy"));
        words.addAll(List.of(options));
        words.add(listen);
        words.add(target);
        ProcessBuilder builder = Sluice.command(words.toArray(String[]::new));
        builder.command().addAll(0, prefix);
        Path errors = Files.createTempFile("sluice-proxy", ".err");
        // Nothing is written to standard output: were it, this would show among the errors.
        builder.redirectErrorStream(true).redirectOutput(errors.toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        RunningProxy proxy = new RunningProxy(builder.start(), errors);
        proxy.awaitGreeting();
        return proxy;
    }

    private void awaitGreeting() throws IOException {
        Await.until(() -> !process.isAlive() || Files.readString(errors).contains("\n"));
        String said = Files.readString(errors);
        if (!said.startsWith(GREETING)) {
            throw new AssertionError("the proxy said: " + said);
        }
        address = said.lines().findFirst().orElseThrow().substring(GREETING.length());
        idleSockets = open("socket:");
    }

    /** Waits until it holds no more sockets than at its start. */
    void awaitNoConnection() {
        Await.until(this::hasNoConnection);
    }

    boolean hasNoConnection() throws IOException {
        return open("socket:") == idleSockets;
    }

    /** Where it listens, in the notation of the command. */
    String address() {
        return address;
    }

    /** The port where it listens. */
    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    Process process() {
        return process;
    }

    void signal(String name) throws Exception {
        Processes.signal(process, name);
    }

    /** Waits for its end: answers its exit code. */
    int exit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the proxy has not ended");
        }
        return process.exitValue();
    }

    boolean listens() throws IOException {
        return Listening.at(process, address);
    }

    /** What it has written since it said where it listens. */
    String said() throws IOException {
        String all = Files.readString(errors);
        return all.substring(all.indexOf('\n') + 1);
    }

    /** How many of its descriptors are of a kind, such as {@code socket:} or {@code pipe:}. */
    int open(String kind) throws IOException {
        return (int) Processes.open(process).stream()
                .filter(what -> what.startsWith(kind))
                .count();
    }

    /** How much memory it occupies, in bytes. */
    long resident() throws IOException {
        String line = Files.readAllLines(proc("status")).stream()
                .filter(field -> field.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    /** How much processor time it has taken so far, all its threads together, in milliseconds. */
    long cpuMillis() throws IOException {
        String stat = Files.readString(proc("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_A_SECOND;
    }

    /**
     * Waits for a second in which it does no more than the JVM itself, for its clock and its samplers. What was
     * compiled late may still be at work for some seconds; what spins never ends.
     *
     * @return how much processor time it has taken, in milliseconds
     */
    long awaitIdleSecond() {
        AtomicLong taken = new AtomicLong();
        Await.until(() -> {
            long before = cpuMillis();
            Thread.sleep(1000);
            taken.set(cpuMillis() - before);
            return taken.get() <= IDLE_MILLIS;
        });
        return taken.get();
    }

    private Path proc(String name) {
        return Path.of("/proc", String.valueOf(process.pid()), name);
    }

    @Override
    public void close() throws IOException {
        try {
            process.destroyForcibly();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the proxy outlives its death");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.delete(errors);
    }
}
