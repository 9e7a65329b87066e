// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A containerd of the test's own, with an image to run, that shares nothing with one that the machine runs. It needs
 * root; where it cannot run, the test is reported as not run, as {@link Needs} says.
 *
 * <p>Nothing is left of its containers, or of the daemon, after {@link #close}.
 */
public final class Containerd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CONFIG = """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = [
                "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt",
                "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
                "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
            [grpc]
            address = "%1$s/s"
            [ttrpc]
            address = "%1$s/t"
            """;

    private final ContainerHost host;
    private final String namespace;

    private Containerd(ContainerHost host, String namespace) {
        this.host = host;
        this.namespace = namespace;
    }

    /**
     * Starts a daemon, and imports the image. It takes a second.
     *
     * @return the daemon
     * @throws IOException if a file cannot be written, or a program not be started
     */
    public static Containerd start() throws IOException {
        ContainerHost.checkNeeds("containerd", "ctr", "runc", "busybox");
        String name = ContainerHost.uniqueName();
        Path folder = ContainerHost.folder(name);
        Path config = Files.writeString(folder.resolve("config.toml"), CONFIG.formatted(folder));
        Command version = Command.of("ctr", "--address", folder + "/s", "version");
        ContainerHost host = ContainerHost.start(
                name, folder, List.of("containerd", "--config", config.toString()), () -> version.outcome(PATIENCE)
                        .exit()
                        == 0);
        Containerd daemon = new Containerd(host, name);
        Path image = folder.resolve("image.tar");
        BusyboxImage.save(image);
        daemon.ctr("image", "import", image.toString());
        Files.delete(image);
        return daemon;
    }

    /**
     * Runs the client to a good end.
     *
     * @param words its arguments
     * @return what it wrote to its standard output
     * @throws AssertionError if it fails
     */
    public String ctr(String... words) {
        return client(words).run();
    }

    /**
     * Prepares a run of the client.
     *
     * @param words its arguments
     * @return the command
     */
    public Command client(String... words) {
        List<String> all = new ArrayList<>(List.of("ctr", "--address", socket().toString(), "--namespace", namespace));
        all.addAll(List.of(words));
        return Command.of(all, Map.of());
    }

    /**
     * Prepares {@code ctr run} of the image.
     *
     * @param id what the container is to be called
     * @param options of {@code ctr run}, such as {@code --detach} and {@code --log-uri=...}
     * @param command what runs in it
     * @return the command
     */
    public Command run(String id, List<String> options, String... command) {
        List<String> all = new ArrayList<>(List.of("run"));
        all.addAll(options);
        all.addAll(List.of(BusyboxImage.NAME, id));
        all.addAll(List.of(command));
        return client(all.toArray(String[]::new));
    }

    /**
     * Starts a container in the background.
     *
     * @param id what it is to be called
     * @param logUri what becomes of its output: {@code binary:///path?key=value}, {@code file:///path}, a FIFO's path
     * @param command what runs in it
     * @throws AssertionError if it does not start
     */
    public void start(String id, String logUri, String... command) {
        run(id, List.of("--detach", "--log-uri", logUri), command).run();
    }

    /**
     * Waits until a container's process has exited, for 60 seconds at most. Its task is still there, so its logger
     * goes on: see {@link #delete}.
     *
     * @param id which one
     */
    public void awaitExit(String id) {
        Awaitility.await(id + " exits")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ctr("task", "ls").lines().anyMatch(line -> hasStopped(line, id)));
    }

    // A line is: name, process number, state.
    private static boolean hasStopped(String line, String id) {
        return line.startsWith(id + " ") && line.strip().endsWith(" STOPPED");
    }

    /**
     * Kills a container, if it runs, and removes it. The removal of its task is what ends its logger's streams.
     *
     * @param id which one
     */
    public void delete(String id) {
        client("task", "rm", "--force", id).outcome(PATIENCE);
        ctr("container", "rm", id);
    }

    /**
     * Tells where the daemon's socket is.
     *
     * @return its path
     */
    public Path socket() {
        return host.folder().resolve("s");
    }

    /**
     * Tells in which of the daemon's namespaces the containers are: loggers get it as {@code CONTAINER_NAMESPACE}.
     *
     * @return the namespace
     */
    public String namespace() {
        return namespace;
    }

    /**
     * Tells the daemon's process number.
     *
     * @return the number
     */
    public long pid() {
        return host.pid();
    }

    /**
     * Tells the folder that is the daemon's own, and is removed at the close.
     *
     * @return the folder
     */
    public Path folder() {
        return host.folder();
    }

    /**
     * Tells the last of what the daemon has logged.
     *
     * @return the text
     */
    public String daemonLog() {
        return host.log();
    }

    /** Kills all containers, ends the daemon, and removes what is left of both. */
    @Override
    public void close() {
        try {
            ctr("container", "ls", "--quiet").lines().forEach(this::delete);
        } finally {
            host.close();
        }
    }
}
