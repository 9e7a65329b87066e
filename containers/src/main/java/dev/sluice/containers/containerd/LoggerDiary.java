// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a logger says what people should know. containerd starts it with nothing but /dev/null to write to, so what is
 * said on standard error goes to a file of the log folder too, one line with a time and the container's id. All methods
 * may be called by any thread.
 */
public final class LoggerDiary {
    /** Begins with a dot, as no container's folder does. */
    static final String FILE = ".logger.log";

    private static final String BEFORE = FILE + ".1";

    /** A file that is longer makes room for another, and there is one of that age only. */
    private static final long LONGEST = 1 << 20;

    private final PrintStream error;
    private String who = "?";
    private @Nullable Path folder;

    /**
     * Says things on standard error alone, for the time being.
     *
     * @param error the standard error
     */
    public LoggerDiary(PrintStream error) {
        this.error = error;
    }

    /** Says things in the log folder too from now on. */
    synchronized void keepIn(Path logFolder, String container) {
        folder = logFolder;
        who = container;
    }

    /**
     * Says it, as well as that can be done: it never fails.
     *
     * @param message becomes one line
     */
    public synchronized void say(String message) {
        String line = message.replaceAll("\\p{Cntrl}", " ");
        error.println("sluice-containerd-logger: " + line);
        Path keeping = folder;
        if (keeping != null) {
            try {
                append(LogFolder.open(keeping).path(), Instant.now() + " " + who + ": " + line + "\n");
            } catch (IOException failure) {
                error.println("sluice-containerd-logger: " + failure);
            }
        }
    }

    private static void append(Path folder, String line) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > LONGEST) {
            Files.move(file, folder.resolve(BEFORE), StandardCopyOption.ATOMIC_MOVE);
        }
        try (ByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
            channel.write(ByteBuffer.wrap(line.getBytes(UTF_8)));
        }
    }
}
