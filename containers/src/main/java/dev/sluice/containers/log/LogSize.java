// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** How much room a log takes. */
public final class LogSize {
    private LogSize() {}

    /**
     * The bytes of all files of a log, as they are on disk, compressed or not.
     *
     * @param folder a container's
     * @throws IOException if the folder cannot be read
     */
    public static long of(ContainerFolder folder) throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.path(), "*.log*")) {
            for (Path file : files) {
                BasicFileAttributes found = attributes(file);
                sum += found != null && found.isRegularFile() ? found.size() : 0;
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        return sum;
    }

    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException rotatedAway) {
            return null;
        }
    }
}
