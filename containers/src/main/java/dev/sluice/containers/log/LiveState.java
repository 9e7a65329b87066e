// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether a container has ended, as container.json says; that is parsed only when it has changed. */
final class LiveState {
    private static final int LONGEST = 4 << 20;

    private final ContainerFolder folder;
    private @Nullable FileTime seen;
    private @Nullable Object seenKey;
    private boolean ended;

    LiveState(ContainerFolder folder) {
        this.folder = folder;
    }

    /** True also if its folder has been removed. A file that cannot be understood says nothing. */
    boolean hasEnded() throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(
                    folder.file(ContainerJson.FILE), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException missing) {
            return !Files.isDirectory(folder.path(), LinkOption.NOFOLLOW_LINKS);
        }
        if (!found.lastModifiedTime().equals(seen) || !String.valueOf(found.fileKey()).equals(seenKey)) {
            seen = found.lastModifiedTime();
            seenKey = String.valueOf(found.fileKey());
            ContainerState state = read(folder);
            ended = state != null && !state.isLive();
        }
        return ended;
    }

    /** What container.json says; null if there is none, or it cannot be understood. */
    static @Nullable ContainerState read(ContainerFolder folder) throws IOException {
        byte[] text = folder.read(ContainerJson.FILE, LONGEST);
        if (text == null) {
            return null;
        }
        try {
            return ContainerJson.read(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notUnderstood) {
            return null;
        }
    }
}
