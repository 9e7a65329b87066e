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
 *   <li>It opens the log, begins to read, and says that it is ready: the container starts only then. Where its
 *       arguments name a daemon, that gets the descriptors and reads instead, and this program ends. A daemon that does
 *       not answer or refuses is no reason for a container not to start: this program logs by itself then.
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

    private final LoggerArguments arguments;
    private final ContainerDescription container;
    private final LoggerDiary diary;

    /** Where the descriptors come from. */
    @FunctionalInterface
    public interface StreamSupplier {
        /**
         * Opens them.
         *
         * @return the streams, which are closed by whoever asked
         * @throws IOException if they cannot be had
         */
        LoggerStreams get() throws IOException;
    }

    private ContainerdLogger(LoggerArguments arguments, String id, LoggerDiary diary) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("there is no " + ID + ": containerd starts this program");
        }
        String name = arguments.name() == null ? id : arguments.name();
        this.arguments = arguments;
        this.container =
                new ContainerDescription(id, name, "", Instant.now(), Driver.CONTAINERD, arguments.options());
        this.diary = diary;
    }

    /**
     * Runs to the end of the container's output, with the descriptors that containerd has put into this process.
     *
     * @param arguments those of the program
     * @param environment that of the program
     * @param diary is told what people should know
     * @return the exit code
     */
    public static int run(List<String> arguments, Map<String, String> environment, LoggerDiary diary) {
        return run(arguments, environment, diary, LoggerStreams::inherit);
    }

    /**
     * The same, with descriptors that come from elsewhere.
     *
     * @param arguments those of the program
     * @param environment that of the program
     * @param diary is told what people should know
     * @param streams are asked for once the arguments have turned out right, and closed
     * @return the exit code
     */
    public static int run(
            List<String> arguments, Map<String, String> environment, LoggerDiary diary, StreamSupplier streams) {
        String id = environment.getOrDefault(ID, "");
        Path folder = LoggerArguments.folderOf(arguments);
        if (folder != null) {
            diary.keepIn(folder, environment.getOrDefault(NAMESPACE, "") + "/" + id);
        }
        try {
            ContainerdLogger logger = new ContainerdLogger(LoggerArguments.parse(arguments), id, diary);
            return logger.run(streams);
        } catch (IllegalArgumentException wrong) {
            diary.say(String.valueOf(wrong.getMessage()));
            return USAGE;
        } catch (IOException | RuntimeException failure) {
            diary.say("this container is not logged: " + reason(failure));
            return FAILED;
        }
    }

    // The library's failures, and ours, say all; of any other its kind is needed.
    private static String reason(Exception failure) {
        String message = failure.getMessage();
        return failure instanceof IOException && message != null ? message : failure.toString();
    }

    private int run(StreamSupplier supplier) throws IOException {
        try (LoggerStreams streams = supplier.get()) {
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
            diary.say("the daemon does not log this container, so this process does: " + reason(failure));
            return false;
        }
    }

    private int logAlone(LoggerStreams streams, List<Source> sources) throws IOException {
        try (LoneContainer alone = LoneContainer.start(arguments.folder(), container, sources);
                Drain drain = Drain.add(alone)) {
            if (!alone.id().equals(container.id())) {
                diary.say("another process logs a container of this id: the log of this one is " + alone.id());
            }
            streams.sayReady();
            alone.awaitEnd();
            return OK;
        }
    }
}
