// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes way for a new file: the oldest one is deleted, and each gets the next number, the oldest first. So a process
 * that is killed in the middle leaves one number free, and what is below it is what is still to be renamed.
 *
 * <p>The number of a file says how many rotations ago it was written, so numbers that are free (somebody has deleted a
 * file) stay free.
 */
final class Rotation {
    /** How many numbers in a row may be free before it is believed that no more are taken. */
    static final int LARGEST_GAP = 8;

    private Rotation() {}

    /** Renames all. */
    static void shift(ContainerFolder folder, String name, int maxFiles) throws IOException {
        delete(folder, name, maxFiles - 1);
        rename(folder, name, maxFiles - 2);
    }

    /**
     * Goes on where a process was killed.
     *
     * @return whether a new file has been begun; if not, it is to be made
     */
    static boolean finish(ContainerFolder folder, String name, int maxFiles) throws IOException {
        Path current = folder.file(name);
        if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        boolean fresh = Files.size(current) == 0 && (maxFiles == 1 || isThere(folder, name, 1));
        if (fresh) {
            return true;
        }
        int free = 1;
        while (free < maxFiles && isThere(folder, name, free)) {
            free++;
        }
        if (free >= maxFiles) {
            shift(folder, name, maxFiles);
        } else {
            rename(folder, name, free - 1);
        }
        return false;
    }

    /** {@return the highest number that is taken, less a few that may be free; 0 if none} */
    static int highest(ContainerFolder folder, String name) {
        int highest = 0;
        for (int k = 1; k <= highest + LARGEST_GAP; k++) {
            if (isThere(folder, name, k)) {
                highest = k;
            }
        }
        return highest;
    }

    private static boolean isThere(ContainerFolder folder, String name, int k) {
        return isThere(folder.file(LogNames.rotated(name, k))) || isThere(folder.file(LogNames.compressed(name, k)));
    }

    private static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static void delete(ContainerFolder folder, String name, int k) throws IOException {
        Files.deleteIfExists(folder.file(LogNames.rotated(name, k)));
        if (k > 0) {
            Files.deleteIfExists(folder.file(LogNames.compressed(name, k)));
        }
    }

    private static void rename(ContainerFolder folder, String name, int oldest) throws IOException {
        for (int k = oldest; k >= 0; k--) {
            move(folder.file(LogNames.rotated(name, k)), folder.file(LogNames.rotated(name, k + 1)));
            if (k > 0) {
                move(folder.file(LogNames.compressed(name, k)), folder.file(LogNames.compressed(name, k + 1)));
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (isThere(from)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
