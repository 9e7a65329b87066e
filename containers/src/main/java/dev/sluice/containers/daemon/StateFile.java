// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** container.json of every container in a log folder: read and written as a whole. */
final class StateFile {
    private static final int LONGEST = 1 << 20;

    private final LogFolder folder;

    StateFile(LogFolder folder) {
        this.folder = folder;
    }

    /** {@return the ids of all that have a folder, live or not} */
    List<String> ids() throws IOException {
        return folder.containers().stream().map(ContainerFolder::id).toList();
    }

    /**
     * What is saved about a container.
     *
     * @return null if nothing is
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if it cannot be read, or makes no sense
     */
    @Nullable ContainerState read(String id) throws IOException {
        @Nullable ContainerFolder container = folder.existingContainer(id);
        byte @Nullable [] text = container == null ? null : container.read(ContainerJson.FILE, LONGEST);
        if (container == null || text == null) {
            return null;
        }
        try {
            return ContainerJson.read(new String(text, UTF_8));
        } catch (IllegalArgumentException bad) {
            throw new FileSystemException(
                    container.path().resolve(ContainerJson.FILE).toString(), null, bad.getMessage());
        }
    }

    /**
     * Saves; makes the container's folder if it is missing.
     *
     * @throws IOException if it cannot be written; then what was there before still is
     */
    void write(ContainerState state) throws IOException {
        String text = ContainerJson.write(state) + "\n";
        folder.container(state.description().id()).replace(ContainerJson.FILE, text.getBytes(UTF_8));
    }
}
