// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import dev.sluice.containers.daemon.ControlClient;
import dev.sluice.containers.daemon.LoneContainer;
import dev.sluice.containers.daemon.Source;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.Driver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program that containerd starts for a {@code binary://} URI, one for each container and one for each exec in it.
 *
 * <ol>
 *   <li>It is told who the container is by its environment, and how to log by its arguments.
 *   <li>It opens the log, begins to read, and says that it is ready: the container starts only then. Where its arguments
 *       name a daemon, that gets the descriptors and reads instead, and this program ends. A daemon that does not answer
 *       or refuses is no reason for a container not to start: this program logs by itself then.
 *   <li>It reads to the end, which comes when the task is deleted. SIGTERM comes with it, and SIGKILL 12 s later; so on
 *       SIGTERM it goes on to the end, for 15 s at most.
 * </ol>
 *
 * <p>A failure before it is ready closes the third descriptor without a byte. containerd fails then to make a container
 * with {@code binary-v2}; with {@code binary} it starts one whose writes fail.
 */
public final class ContainerdLogger {
    /** Logged to the end, or handed over. */
    public static final int OK = 0;

    /** The log cannot be opened, or not be written any more. */
    public static final int FAILED = 1;

    /** The arguments or the environment are wrong, or it was not started by containerd. */
    public static final int USAGE = 2;

    private static final String ID = "CONTAINER_ID";
    private static final String NAMESPACE = "CONTAINER_NAMESPACE";

    /** A daemon answers in milliseconds; one that has as many containers to start as there are, in seconds. */
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** A little more than containerd waits from SIGTERM to SIGKILL: so it is the one that decides. */
    private static final Duration DRAIN = Duration.ofSeconds(15);

    private final LoggerArguments arguments;
    private final ContainerDescription container;
    private final LoggerDiary diary;

    private ContainerdLogger(LoggerArguments arguments, ContainerDescription container, LoggerDiary diary) {
        this.arguments = arguments;
        this.container = container;
        this.diary = diary;
    }

    /**
     * Runs to the end of the container's output. It takes over descriptors 3, 4 and 5 of this process, and adds a
     * shutdown hook.
     *
     * @param arguments those of the program
     * @param environment that of the program
     * @param diary is told what people should know
     * @return the exit code
     */
    public static int run(List<String> arguments, Map<String, String> environment, LoggerDiary diary) {
        String id = environment.getOrDefault(ID, "");
        Path folder = LoggerArguments.folderOf(arguments);
        if (folder != null) {
            diary.keepIn(folder, environment.getOrDefault(NAMESPACE, "") + "/" + id);
        }
        try {
            LoggerArguments settings = LoggerArguments.parse(arguments);
            if (id.isEmpty()) {
                throw new IllegalArgumentException("there is no " + ID + ": containerd starts this program");
            }
            String name = settings.name() == null ? id : settings.name();
            ContainerDescription container =
                    new ContainerDescription(id, name, "", Instant.now(), Driver.CONTAINERD, settings.options());
            return new ContainerdLogger(settings, container, diary).run();
        } catch (IllegalArgumentException wrong) {
            diary.say(String.valueOf(wrong.getMessage()));
            return USAGE;
        } catch (IOException | RuntimeException failure) {
            diary.say("this container is not logged: " + failure);
            return FAILED;
        }
    }

    private int run() throws IOException {
        try (LoggerStreams streams = LoggerStreams.inherit()) {
            List<Source> sources = List.of(Source.stdout(streams.stdout()), Source.stderr(streams.stderr()));
            @Nullable Path daemon = arguments.daemon();
            if (daemon != null && handOver(daemon, sources)) {
                streams.sayReady();
                return OK;
            }
            return logAlone(streams, sources);
        }
    }

    private boolean handOver(Path daemon, List<Source> sources) {
        try {
            ControlClient.log(daemon, container, sources, ANSWER);
            return true;
        } catch (IOException | RuntimeException failure) {
            diary.say("the daemon does not log this container, so this process does: " + failure);
            return false;
        }
    }

    private int logAlone(LoggerStreams streams, List<Source> sources) throws IOException {
        try (LoneContainer alone = LoneContainer.start(arguments.folder(), container, sources)) {
            Drain drain = new Drain(alone);
            Runtime.getRuntime().addShutdownHook(drain);
            if (!alone.id().equals(container.id())) {
                diary.say("another process logs a container of this id: the log of this one is " + alone.id());
            }
            streams.sayReady();
            alone.awaitEnd();
            return OK;
        }
    }

    /** Keeps the JVM from ending at a SIGTERM before the log has. */
    private static final class Drain extends Thread {
        private final LoneContainer container;

        Drain(LoneContainer container) {
            super("sluice-drain");
            this.container = container;
        }

        @Override
        public void run() {
            try {
                if (!container.awaitEnd(DRAIN)) {
                    container.close();
                }
            } catch (IOException failure) {
                System.getLogger(ContainerdLogger.class.getName())
                        .log(System.Logger.Level.WARNING, "not logged to its end", failure);
            }
        }
    }
}
