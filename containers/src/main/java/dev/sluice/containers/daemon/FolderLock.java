// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two daemons on one log folder would read the same sources and write the same files. The kernel drops the lock with the
 * process that holds it, however that ends: see F_SETLK in fcntl(2).
 */
final class FolderLock implements AutoCloseable {
    /** Begins with a dot, as no container's folder does. */
    private static final String FILE = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, or throws at once.
     *
     * @throws FileSystemException if another process has it
     */
    static FolderLock take(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new FileSystemException(folder.toString(), null, "another daemon keeps its logs here");
            }
            return new FolderLock(channel);
        } catch (OverlappingFileLockException ours) {
            channel.close();
            throw new FileSystemException(folder.toString(), null, "this process keeps its logs here already");
        } catch (Throwable failure) {
            channel.close();
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
