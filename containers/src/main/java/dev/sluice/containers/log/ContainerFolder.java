// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container's folder, which has been checked: it is a folder, no link, and lies in the {@link LogFolder}. Holds
 * nothing open.
 */
public final class ContainerFolder {
    private final String id;
    private final Path path;

    ContainerFolder(String id, Path path) {
        this.id = id;
        this.path = path;
    }

    /** {@return the container's id, which is the folder's name} */
    public String id() {
        return id;
    }

    /** {@return where it lies; absolute, and without links} */
    public Path path() {
        return path;
    }

    /** {@return the path of a file in it} */
    Path file(String name) {
        return path.resolve(name);
    }

    /**
     * Reads a small file.
     *
     * @param name of the file
     * @param most how many bytes it may have
     * @return its bytes; null if it is missing
     * @throws IOException if it is longer, is a link, or cannot be read
     */
    public byte @Nullable [] read(String name, int most) throws IOException {
        Path file = file(name);
        try (Descriptor there = SafeFiles.openForReading(file)) {
            byte[] bytes = there.inputStream().readNBytes(most + 1);
            if (bytes.length > most) {
                throw new FileSystemException(file.toString(), null, "is longer than " + most + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    /**
     * Writes a small file as a whole, with mode 0640: who reads it finds what was there before or what is new, and
     * nothing between, also after this process was killed. One writer at a time for each name.
     *
     * @param name of the file; {@code .NAME.new} is used meanwhile
     * @param content all of it
     * @throws IOException if it cannot be written; what was there before still is
     */
    public void replace(String name, byte[] content) throws IOException {
        Path fresh = file("." + name + ".new");
        Files.deleteIfExists(fresh); // of a process that was killed; or a link, which is not followed
        try {
            try (Descriptor file = SafeFiles.make(fresh, Set.of(StandardOpenOption.WRITE))) {
                file.write(ByteBuffer.wrap(content));
            }
            Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException also) {
                failure.addSuppressed(also);
            }
            throw failure;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
