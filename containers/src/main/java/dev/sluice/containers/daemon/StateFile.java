// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** container.json of every container in a log folder: read and written as a whole. */
final class StateFile {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final int LONGEST = 1 << 20;

    private final Path folder;

    StateFile(Path folder) {
        this.folder = folder;
    }

    /** {@return the ids of all that have a folder, live or not} */
    List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
            for (Path each : folders) {
                String name = each.getFileName().toString();
                if (ID.matcher(name).matches() && Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    ids.add(name);
                }
            }
        }
        return ids;
    }

    /**
     * What is saved about a container.
     *
     * @return null if nothing is
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if it cannot be read, or makes no sense
     */
    @Nullable ContainerState read(String id) throws IOException {
        Path file = file(id);
        try (ByteChannel channel = Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            byte[] text = Channels.newInputStream(channel).readNBytes(LONGEST);
            return ContainerJson.read(new String(text, UTF_8));
        } catch (NoSuchFileException none) {
            return null;
        } catch (IllegalArgumentException bad) {
            throw new FileSystemException(file.toString(), null, bad.getMessage());
        }
    }

    /**
     * Saves. The container's folder must be there.
     *
     * @throws IOException if it cannot be written; then what was there before still is
     */
    void write(ContainerState state) throws IOException {
        Path file = file(state.description().id());
        Path fresh = file.resolveSibling("container.json.new");
        Files.deleteIfExists(fresh);
        try (ByteChannel channel = Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
            ByteBuffer text = ByteBuffer.wrap((ContainerJson.write(state) + "\n").getBytes(UTF_8));
            while (text.hasRemaining()) {
                channel.write(text);
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a container cannot be called '" + id + "'");
        }
        return folder.resolve(id).resolve(ContainerJson.FILE);
    }
}
