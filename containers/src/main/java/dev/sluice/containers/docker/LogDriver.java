// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Fifo;
import dev.sluice.containers.daemon.Container;
import dev.sluice.containers.daemon.Containers;
import dev.sluice.containers.daemon.Source;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.Driver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** dockerd starts the logging of containers, and ends it. */
final class LogDriver {
    /** A disk that is slower gets the rest while dockerd does not wait any more. */
    private static final Duration STOPPING = Duration.ofSeconds(10);

    /** dockerd closes its end as soon as it has its answer; or else it is gone, and nothing will come. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger(LogDriver.class.getName());

    private final Containers containers;
    private final Path fifos;

    LogDriver(Containers containers, Path fifos) {
        this.containers = containers;
        this.fifos = fifos;
    }

    /**
     * Reads a FIFO from now on. Nothing is left behind if that cannot be. One that is read already is read on: dockerd
     * asks again if it has missed the answer.
     *
     * <p>For somebody who wants to see the log of a container that has stopped, dockerd starts its logging too, by
     * a FIFO out of which nothing comes.
     *
     * @throws IllegalArgumentException if the request makes no sense
     * @throws IOException if the FIFO cannot be opened, or the log
     */
    void start(JsonNode request) throws IOException {
        Path path = DockerFifo.path(fifos, ContainerJson.string(request, "File"));
        ContainerInfo info = ContainerInfo.of(request.path("Info"));
        ContainerDescription description = new ContainerDescription(
                info.id(), info.name(), info.image(), info.created(), Driver.DOCKER, DockerOptions.of(info));
        if (isRead(info.id(), path)) {
            return;
        }
        // Opened without waiting for dockerd, who waits for nobody either, and never through a link.
        Fifo fifo = Fifo.open(path, StandardOpenOption.READ);
        Container container = containers.start(description, List.of(Source.dockerFifo(fifo, path)));
        LOG.log(Level.DEBUG, "{0} is logged from {1}", container.id(), path);
    }

    private boolean isRead(String id, Path path) {
        Container container = containers.live(id);
        return container != null
                && container.state().sources().stream().anyMatch(source -> source.path()
                        .equals(path.toString()));
    }

    /**
     * Waits until all that dockerd has written is in the log; it writes no more, but has not closed the FIFO yet. What
     * comes until its end is logged afterwards.
     *
     * @throws IllegalArgumentException if the request makes no sense
     * @throws IOException if the FIFO cannot be looked at
     */
    void stop(JsonNode request) throws IOException {
        Path path = DockerFifo.path(fifos, ContainerJson.string(request, "File"));
        if (!DockerFifo.awaitEmpty(path, STOPPING)) {
            LOG.log(Level.WARNING, "{0} is not empty yet, it is logged on", path);
        }
        Thread.ofVirtual().name("sluice-docker-stop").start(() -> finish(path));
    }

    private void finish(Path path) {
        try {
            boolean wasRead = containers.finish(path, QUIET);
            LOG.log(Level.DEBUG, "{0} has ended, was read: {1}", path, wasRead);
        } catch (InterruptedIOException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }
}
