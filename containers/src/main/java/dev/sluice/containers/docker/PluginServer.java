// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.Listener;
import dev.sluice.containers.daemon.Containers;
import dev.sluice.containers.daemon.Service;
import dev.sluice.containers.http.HttpServer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A log driver, as dockerd knows it: HTTP on a Unix-domain socket in /run/docker/plugins, where dockerd looks for it by
 * the name that users give with {@code --log-driver}. To be served by a {@link dev.sluice.containers.daemon.Daemon}.
 *
 * <p>What dockerd asks for is in {@link Protocol}.
 */
public final class PluginServer implements Service {
    /** dockerd keeps its connections for later requests; it makes a new one where one is gone. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final LogStreams streams;
    private final HttpServer server;

    /**
     * Serves nobody yet.
     *
     * @param containers where logging is started and ended
     */
    public PluginServer(Containers containers) {
        this(containers, DockerFifo.FOLDER);
    }

    /**
     * Serves nobody yet.
     *
     * @param containers where logging is started and ended
     * @param fifos the folder where dockerd makes its FIFOs, absolute; none elsewhere is opened
     */
    PluginServer(Containers containers, Path fifos) {
        this.streams = new LogStreams();
        LogDriver driver = new LogDriver(containers, fifos);
        this.server = new HttpServer(
                "sluice-docker", new Protocol(driver, new ReadLogs(containers, streams)), SILENCE);
    }

    @Override
    public void start(Listener listener) {
        streams.open();
        server.start(listener);
    }

    /** Whoever follows a log is told that it ends: he would keep us waiting. */
    @Override
    public void pause() throws InterruptedException {
        streams.end();
        server.pause();
    }

    @Override
    public void close() {
        server.close();
    }
}
