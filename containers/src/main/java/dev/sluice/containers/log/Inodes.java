// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.file.Files;

/** Tells which pipe or FIFO a descriptor refers to. */
public final class Inodes {
    private Inodes() {}

    /**
     * {@return the inode's number} See st_ino in stat(2).
     *
     * @throws IOException if the descriptor is closed
     */
    public static long of(Descriptor descriptor) throws IOException {
        return descriptor.control(fd -> (Long) Files.getAttribute(SafeFiles.self(fd), "unix:ino"));
    }
}
