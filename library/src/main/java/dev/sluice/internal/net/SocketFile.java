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
import org.jspecify.annotations.Nullable;

/**
 * The file by which a Unix-domain socket is found: see unix(7). It is made by bind(2) and outlives the socket, so it is
 * removed with it; and one that a dead process has left is removed when its place is needed.
 *
 * <p>Nobody else's is ever removed: at the end, only if the file at the path is still the one that was made here; at
 * the start, only if it is a socket that nobody serves (a connect answers ECONNREFUSED). While it is looked at and
 * removed, the folder is locked (flock(2)) against others who do the same.
 */
public final class SocketFile implements OpenDescriptor.Release {
    private final Path path;

    /** Device and inode. */
    private final @Nullable Object identity;

    private volatile boolean kept;

    private SocketFile(Path path) {
        this.path = path;
        this.identity = identity(path);
    }

    /** bind(2) to a path. */
    static SocketFile bind(CallState state, int fd, UnixDomainSocketAddress address, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment struct = SocketAddresses.encode(arena, address, Constants.AF_UNIX);
            if (mode >= 0) {
                FileCalls.changeMode(state, fd, mode); // unix_bind in the kernel takes it over, less the umask
            }
            int result = SocketCalls.bind(state, fd, struct);
            if (result == -Errno.EADDRINUSE) {
                result = bindInPlaceOfDead(state, fd, struct, address.getPath());
            }
            if (result < 0) {
                throw SocketFailures.bind("bind", SocketAddresses.describe(address), -result);
            }
            return new SocketFile(address.getPath());
        }
    }

    private static int bindInPlaceOfDead(CallState state, int fd, MemorySegment struct, Path path) throws IOException {
        Path folder = Objects.requireNonNullElse(path.getParent(), Path.of("."));
        int lock = FileCalls.open(state, folder, Constants.O_RDONLY, 0);
        if (lock < 0) {
            return -Errno.EADDRINUSE;
        }
        try {
            if (FileCalls.tryLock(state, lock) < 0 || !isDead(state, struct, path)) {
                return -Errno.EADDRINUSE;
            }
            Files.deleteIfExists(path);
            return SocketCalls.bind(state, fd, struct);
        } finally {
            FileCalls.close(state, lock);
        }
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
        if (!kept && identity != null && identity.equals(identity(path))) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException notOurs) {
                // It stays, and the next one to bind there removes it.
            }
        }
        return FileCalls.close(state, fd);
    }
}
