// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a host whose output this process reads and logs. All methods may be called by any number of
 * threads.
 */
public final class Containers implements AutoCloseable {
    private final Path folder;

    private Containers(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a log folder. Nothing is taken up again yet.
     *
     * @param folder where each container has a folder of its own; made if it is missing
     * @return the registry, to be closed by the caller
     * @throws IOException if the folder cannot be made, or is none
     */
    public static Containers open(Path folder) throws IOException {
        return new Containers(folder);
    }

    /** {@return the log folder} */
    public Path folder() {
        return folder;
    }

    /**
     * Reads and logs a container's output from now on, each source on a virtual thread of its own, until its end.
     * Returns when container.json says so and the reading has begun. A container that is live already gets these sources
     * besides; its description is the new one then.
     *
     * @param description the container
     * @param sources what is to be read. They belong to this registry from now on, and are closed if this method throws
     * @return the container
     * @throws IllegalArgumentException if the id cannot be a folder's name, or two sources have the same name
     * @throws IOException if the log cannot be opened
     */
    public Container start(ContainerDescription description, List<Source> sources) throws IOException {
        throw new IOException("not yet: " + description + sources);
    }

    /**
     * Waits until a FIFO's end has come and all of it is logged, or nothing has come for so long; it is closed then, and
     * the container has ended when that was its last source. Does nothing if nobody reads that FIFO.
     *
     * @param fifo the path, as {@link Source#path}
     * @param quiet how long nothing may come
     * @return whether it was read
     * @throws InterruptedIOException if the thread is interrupted; the FIFO is read on
     */
    public boolean finish(Path fifo, Duration quiet) throws InterruptedIOException {
        return false;
    }

    /**
     * Waits until all sources of a container have ended: as {@link #finish(Path, Duration)}.
     *
     * @param id the container's
     * @param quiet how long nothing may come
     * @return whether it was live
     * @throws InterruptedIOException if the thread is interrupted
     */
    public boolean finish(String id, Duration quiet) throws InterruptedIOException {
        return false;
    }

    /** {@return those that are live now} */
    public List<Container> live() {
        return List.of();
    }

    /** {@return the container of that id, if it is live} */
    public @Nullable Container live(String id) {
        return null;
    }

    /**
     * What is saved about a container, live or not.
     *
     * @return null if there is none of that id
     * @throws IOException if container.json cannot be read
     */
    public @Nullable ContainerState state(String id) throws IOException {
        return null;
    }

    /**
     * Stops all reading, with nothing lost: what is not logged yet stays in the sources, which are closed; container.json
     * goes on saying live, so that the next process takes them up again.
     */
    @Override
    public void close() throws IOException {
        // nothing yet
    }
}
