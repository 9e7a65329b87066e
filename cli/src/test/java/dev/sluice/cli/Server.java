// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is not ours, started for one test class with a configuration of its own. It ends with the test. */
final class Server implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Server(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param log where its output goes
     * @param address what it is expected to listen at
     * @param command stays in the foreground, so that its process is the server
     */
    static Server start(Path log, String address, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        Server server = new Server(process, log);
        try {
            Await.until(() -> {
                server.check();
                return Listening.at(process, address);
            });
        } catch (RuntimeException | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
        return server;
    }

    private void check() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the server ended, and said: " + Files.readString(log));
        }
    }

    /** Asks it to end, by its number, and waits until it has. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
