// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells which pipe or FIFO a descriptor refers to. */
final class Inodes {
    private Inodes() {}

    /** {@return the inode's number} See st_ino in stat(2). */
    static long of(Descriptor descriptor) throws IOException {
        return descriptor.control(fd -> (Long) Files.getAttribute(Path.of("/proc/self/fd", String.valueOf(fd)), "unix:ino"));
    }
}
