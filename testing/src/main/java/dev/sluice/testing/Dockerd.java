// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Docker daemon of the test's own, with an image to run. It shares nothing with one that the machine runs but the
 * folder where log drivers are looked for, {@link #PLUGINS}. It needs root; where it cannot run, the test is reported
 * as not run, as {@link Needs} says.
 *
 * <p>Containers run without a network. Nothing is left of them, or of the daemon, after {@link #close}.
 */
public final class Dockerd implements AutoCloseable {
    /** Where a plugin's socket must lie, as {@code NAME.sock}: the same for all daemons of a machine. */
    public static final Path PLUGINS = Path.of("/run/docker/plugins");

    /** The image that is there. */
    public static final String IMAGE = "sluice-test:1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ContainerHost host;
    private final Map<String, String> environment;

    private Dockerd(ContainerHost host, Map<String, String> environment) {
        this.host = host;
        this.environment = environment;
    }

    /**
     * Starts a daemon, and loads the image. It takes a second.
     *
     * @param options more of dockerd's options
     * @return the daemon
     * @throws IOException if a file cannot be written, or a program not be started
     */
    public static Dockerd start(String... options) throws IOException {
        ContainerHost.checkNeeds("dockerd", "docker", "containerd", "runc", "busybox");
        String name = ContainerHost.uniqueName();
        Path folder = ContainerHost.folder(name);
        Map<String, String> environment =
                Map.of("DOCKER_HOST", "unix://" + folder + "/s", "DOCKER_CONFIG", folder + "/client");
        Command version = Command.of(List.of("docker", "version"), environment);
        ContainerHost host = ContainerHost.start(
                name, folder, command(name, folder, options), () -> version.outcome(PATIENCE)
                        .exit()
                        == 0);
        Dockerd daemon = new Dockerd(host, environment);
        Path image = folder.resolve("image.tar");
        BusyboxImage.save(image);
        daemon.docker("load", "--quiet", "--input", image.toString());
        Files.delete(image);
        return daemon;
    }

    private static List<String> command(String name, Path folder, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "dockerd",
                "--host=unix://" + folder + "/s",
                "--data-root=" + folder + "/data",
                "--exec-root=" + folder + "/run",
                "--pidfile=" + folder + "/pid",
                "--cgroup-parent=/" + name,
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--storage-driver=vfs"));
        command.addAll(List.of(options));
        return command;
    }

    /**
     * Runs the client to a good end.
     *
     * @param words its arguments
     * @return what it wrote to its standard output
     * @throws AssertionError if it fails
     */
    public String docker(String... words) {
        return client(words).run();
    }

    /**
     * Prepares a run of the client.
     *
     * @param words its arguments
     * @return the command
     */
    public Command client(String... words) {
        List<String> all = new ArrayList<>(List.of("docker"));
        all.addAll(List.of(words));
        return Command.of(all, environment);
    }

    /**
     * Starts a container in the background.
     *
     * @param options of {@code docker run}
     * @param command what runs in it
     * @return its ID, in full
     */
    public String start(List<String> options, String... command) {
        List<String> all = new ArrayList<>(List.of("run", "--detach", "--network=none"));
        all.addAll(options);
        all.add(IMAGE);
        all.addAll(List.of(command));
        return docker(all.toArray(String[]::new)).strip();
    }

    /**
     * Runs a container to its end in the background, and waits for it. It is there afterwards, for {@link #logs}.
     *
     * @param options of {@code docker run}
     * @param command what runs in it
     * @return its ID, in full
     */
    public String run(List<String> options, String... command) {
        String id = start(options, command);
        awaitExit(id);
        return id;
    }

    /**
     * Waits until a container has exited, for 60 seconds at most.
     *
     * @param id its ID or name
     * @return its exit value
     */
    public int awaitExit(String id) {
        return Integer.parseInt(docker("wait", id).strip());
    }

    /**
     * Asks for a container's log.
     *
     * @param id its ID or name
     * @param options of {@code docker logs}
     * @return what came of it, standard output and standard error apart
     */
    public Command.Outcome logs(String id, String... options) {
        List<String> all = new ArrayList<>(List.of("logs"));
        all.addAll(List.of(options));
        all.add(id);
        return client(all.toArray(String[]::new)).outcome(PATIENCE);
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
            // Otherwise the daemon gives each container ten seconds to heed SIGTERM, which a PID 1 ignores.
            String[] all = docker("ps", "--all", "--quiet").lines().toArray(String[]::new);
            if (all.length > 0) {
                List<String> words = new ArrayList<>(List.of("rm", "--force", "--volumes"));
                words.addAll(List.of(all));
                client(words.toArray(String[]::new)).outcome(PATIENCE);
            }
        } finally {
            host.close();
        }
    }
}
