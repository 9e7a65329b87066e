// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.Fifo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A FIFO that dockerd has made for a container's output, by its path. */
final class DockerFifo {
    /** Where dockerd makes them, a managed plugin's too, as the plugin sees it. */
    static final Path FOLDER = Path.of("/run/docker/logging");

    private static final Duration LOOK = Duration.ofMillis(10);

    private DockerFifo() {}

    /**
     * The path that a request names.
     *
     * @param folder where it must lie
     * @throws IllegalArgumentException if it is anywhere else; the message is for people
     */
    static Path path(Path folder, String file) {
        Path path = file.indexOf('\0') < 0 ? Path.of(file) : folder;
        if (!path.equals(path.normalize()) || !folder.equals(path.getParent())) {
            throw new IllegalArgumentException("'" + file + "' is no file in " + folder);
        }
        return path;
    }

    /**
     * Waits until nothing waits in a FIFO that somebody else reads: who takes bytes only after he has written them to
     * the log has logged all of it then. A second reader looks, and takes nothing.
     *
     * @param path where it lies; one that is gone is empty
     * @param atMost how long
     * @return whether it is empty; false as well if it was never so at any moment that was looked at
     * @throws IOException if it cannot be looked at, or the thread is interrupted
     */
    static boolean awaitEmpty(Path path, Duration atMost) throws IOException {
        long until = System.nanoTime() + atMost.toNanos();
        ByteBuffer byteOrEnd = ByteBuffer.allocate(1);
        try (Fifo fifo = Fifo.open(path, StandardOpenOption.READ)) {
            while (System.nanoTime() < until) {
                fifo.setReadDeadline(LOOK);
                if (fifo.peek(byteOrEnd.clear(), 0) <= 0) {
                    return true;
                }
                Thread.sleep(1);
            }
            return false;
        } catch (SocketTimeoutException | NoSuchFileException empty) {
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("wait until " + path + " is empty: interrupted");
        }
    }
}
