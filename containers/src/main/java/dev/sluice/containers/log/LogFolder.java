// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder with all logs: each container has a folder of its own in it, which is called like the container.
 *
 * <p>Nothing is ever written outside of it: an id that could name anything else is refused, and so is a link where a
 * container's folder should be. The folder itself is the administrator's word; it may be a link, but not one that
 * others may write to, who could put anything in our way.
 */
public final class LogFolder {
    /** Where it is if nobody says anything else. */
    public static final Path DEFAULT = Path.of("/var/lib/sluice/logs");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final Path path;

    private LogFolder(Path path) {
        this.path = path;
    }

    /**
     * Opens a log folder to write to it; makes it, and those above it, if it is missing: with mode 0750.
     *
     * @param folder where
     * @return the folder; it holds nothing open
     * @throws IOException if it cannot be made, is no folder, or may be written by everybody
     */
    public static LogFolder open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Path above = folder.toAbsolutePath().getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            SafeFiles.makeFolder(folder);
        }
        return existing(folder);
    }

    /**
     * Opens a log folder that is there.
     *
     * @param folder where
     * @return the folder; it holds nothing open
     * @throws NoSuchFileException if it is missing
     * @throws IOException if it is no folder, or may be written by everybody
     */
    public static LogFolder existing(Path folder) throws IOException {
        Path real = folder.toRealPath();
        SafeFiles.checkFolder(real);
        return new LogFolder(real);
    }

    /** {@return whether a container can have this id: {@code [A-Za-z0-9][A-Za-z0-9_.-]{0,127}}} */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** {@return where it lies; absolute, and without links} */
    public Path path() {
        return path;
    }

    /**
     * Opens a container's folder to write to it; makes it if it is missing: with mode 0750, whatever the umask is.
     *
     * @param id the container's
     * @return its folder; it holds nothing open
     * @throws IllegalArgumentException if no container can have this id; the message is for people
     * @throws IOException if it cannot be made, or what is there is no folder, or a link
     */
    public ContainerFolder container(String id) throws IOException {
        Path folder = path(id);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            SafeFiles.makeFolder(folder);
        }
        SafeFiles.checkFolder(folder);
        return new ContainerFolder(id, folder);
    }

    /**
     * A container's folder, if it has one.
     *
     * @param id the container's
     * @return its folder; null if there is none
     * @throws IllegalArgumentException if no container can have this id; the message is for people
     * @throws IOException if what is there is no folder, or a link
     */
    public @Nullable ContainerFolder existingContainer(String id) throws IOException {
        Path folder = path(id);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        SafeFiles.checkFolder(folder);
        return new ContainerFolder(id, folder);
    }

    /**
     * {@return all containers that have a folder, by id} What is no folder, or a link, or called as no container can
     * be, is passed over.
     *
     * @throws IOException if this folder cannot be read
     */
    public List<ContainerFolder> containers() throws IOException {
        List<ContainerFolder> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (isId(name) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) && !isOpenToAll(entry)) {
                    found.add(new ContainerFolder(name, entry));
                }
            }
        } catch (java.nio.file.DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        found.sort((one, other) -> one.id().compareTo(other.id()));
        return found;
    }

    private static boolean isOpenToAll(Path folder) throws IOException {
        try {
            return Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                    .contains(PosixFilePermission.OTHERS_WRITE);
        } catch (FileSystemException gone) {
            return true;
        }
    }

    private Path path(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("a container cannot be called '" + id
                    + "': letters, digits and _.- it may have, a letter or digit first, at most 128");
        }
        return path.resolve(id);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
