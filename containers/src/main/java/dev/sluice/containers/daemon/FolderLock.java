// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who keeps logs in a folder: two daemons on one log folder would read the same sources and write the same files, and
 * so would a daemon and a process that logs one container by itself. The kernel drops the lock with the process that
 * holds it, however that ends: see F_SETLK in fcntl(2).
 */
final class FolderLock implements AutoCloseable {
    /** Begins with a dot, as no container's folder does. */
    private static final String FILE = ".lock";

    /**
     * Those that this process holds: their files must not even be opened, for to close any descriptor of a file drops
     * all locks that the process has there. Guards what opens one, too.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock, or throws at once.
     *
     * @throws FileSystemException if another process has it
     */
    static FolderLock take(Path folder) throws IOException {
        @Nullable FolderLock lock = tryTake(folder);
        if (lock == null) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "another process keeps its logs here: end it, or take over from it (--take-over)");
        }
        return lock;
    }

    /** Takes the lock at once, or not: null if another process has it, or this one. */
    static @Nullable FolderLock tryTake(Path folder) throws IOException {
        synchronized (HELD) {
            Path real = folder.toRealPath();
            if (HELD.contains(real)) {
                return null;
            }
            FileChannel channel = FileChannel.open(
                    real.resolve(FILE),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                @Nullable FileLock lock = channel.tryLock();
                if (lock != null) {
                    HELD.add(real);
                    return new FolderLock(real, channel);
                }
            } catch (Throwable failure) {
                channel.close();
                throw failure;
            }
            channel.close();
            return null;
        }
    }

    /** Tells whether somebody has the lock now, this process included. */
    static boolean isTaken(Path folder) throws IOException {
        synchronized (HELD) { // or two who ask would find each other
            if (!Files.exists(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            @Nullable FolderLock lock = tryTake(folder);
            if (lock == null) {
                return true;
            }
            lock.close();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (channel.isOpen()) {
                HELD.remove(folder);
                channel.close();
            }
        }
    }
}
