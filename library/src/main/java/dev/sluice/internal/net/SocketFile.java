// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.Architecture;
import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.linux.SocketFailures;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The file by which a Unix-domain socket is found: see unix(7). It is made by bind(2) and outlives the socket, so it is
 * removed with it; and one that a dead process has left is removed when its place is needed.
 *
 * <p>Nobody else's is ever removed: at the end, only if the file at the path is still the one that was made here; at
 * the start, only if it is a socket that nobody serves (a connect answers ECONNREFUSED). One that is bound and does not
 * listen yet looks the same, so from the bind to the listen the folder is locked (flock(2)) against others who look.
 */
public final class SocketFile implements OpenDescriptor.Release {
    private static final int LOCK_TRIES = 500;
    private static final long LOCK_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path path;

    /** Device and inode. */
    private final @Nullable Object identity;

    private volatile boolean kept;

    private SocketFile(Path path) {
        this.path = path;
        this.identity = identity(path);
    }

    /** What follows bind(2) before anybody else may take the socket for a dead one: listen(2). */
    @FunctionalInterface
    interface Listen {
        void run() throws IOException;
    }

    /** bind(2) to a path, and listen(2). */
    static SocketFile bind(CallState state, int fd, UnixDomainSocketAddress address, int mode, Listen listen)
            throws IOException {
        Path path = address.getPath();
        int lock = lockFolder(state, Objects.requireNonNullElse(path.getParent(), Path.of(".")));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = SocketAddresses.encode(arena, address, Constants.AF_UNIX);
            if (mode >= 0) {
                FileCalls.changeMode(state, fd, mode); // unix_bind in the kernel takes it over, less the umask
            }
            int result = SocketCalls.bind(state, fd, struct);
            if (result == -Errno.EADDRINUSE && lock >= 0 && isDead(state, struct, path)) {
                Files.deleteIfExists(path);
                result = SocketCalls.bind(state, fd, struct);
            }
            if (result < 0) {
                throw SocketFailures.bind("bind", SocketAddresses.describe(address), -result);
            }
            SocketFile file = new SocketFile(path);
            try {
                listen.run();
            } catch (Throwable failure) {
                file.remove();
                throw failure;
            }
            return file;
        } finally {
            if (lock >= 0) {
                FileCalls.close(state, lock);
            }
        }
    }

    /**
     * Waits for a lock that is held for a few system calls by those who do the same. Who holds it for long is somebody
     * else: then nothing is removed.
     *
     * @return a descriptor whose close ends it, or a negative number
     */
    private static int lockFolder(CallState state, Path folder) {
        int lock = FileCalls.open(state, folder, Constants.O_RDONLY, 0);
        if (lock < 0) {
            return lock;
        }
        for (int tries = 0; FileCalls.tryLock(state, lock) < 0; tries++) {
            if (tries == LOCK_TRIES) {
                FileCalls.close(state, lock);
                return -Errno.EAGAIN;
            }
            LockSupport.parkNanos(LOCK_PAUSE_NANOS);
        }
        return lock;
    }

    private static boolean isDead(CallState state, MemorySegment struct, Path path) {
        if (!isSocket(state, path)) {
            return false;
        }
        for (int type : new int[] {Constants.SOCK_STREAM, Constants.SOCK_DGRAM, Constants.SOCK_SEQPACKET}) {
            int probe = SocketCalls.socket(state, Constants.AF_UNIX, type);
            if (probe < 0) {
                return false;
            }
            int answer = SocketCalls.connect(state, probe, struct);
            FileCalls.close(state, probe);
            if (answer != -Errno.ECONNREFUSED) {
                return false; // it is served; EPROTOTYPE says so too
            }
        }
        return true;
    }

    private static boolean isSocket(CallState state, Path path) {
        int place = FileCalls.open(
                state, path, Constants.O_PATH | Architecture.current().openNoFollow, 0);
        if (place < 0) {
            return false;
        }
        int kind = FileStatus.of(state, place).kind();
        FileCalls.close(state, place);
        return kind == Constants.S_IFSOCK;
    }

    private static @Nullable Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    /** Leaves the file where it is at the end: another process serves it. */
    public void keep() {
        kept = true;
    }

    /** The file goes first, so that nobody finds it and is refused. */
    @Override
    public int close(CallState state, int fd) {
        if (!kept) {
            remove();
        }
        return FileCalls.close(state, fd);
    }

    private void remove() {
        if (identity != null && identity.equals(identity(path))) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException notOurs) {
                // It stays, and the next one to bind there removes it.
            }
        }
    }
}
