// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes over a descriptor that this process inherited, without touching what it shares with the process that gave it.
 *
 * <p>O_NONBLOCK belongs to the open file description, and the parent has the same one: setting it would break a shell's
 * terminal. So a pipe, a FIFO and a terminal are opened anew through /proc/self/fd, which makes a private description;
 * where that is refused, and for all other kinds (a file's position <em>is</em> to be shared), the description stays
 * shared and is used with RWF_NOWAIT.
 */
public final class Adoption {
    private static final int STANDARD_ERROR = 2;
    private static final Path NULL = Path.of("/dev/null");

    private Adoption() {}

    /**
     * Adopts number {@code fd}. Numbers above 2 are closed when the descriptor is (or at once, if it is opened anew).
     * The standard ones stay, and become /dev/null at the close, so that nothing else can ever get their number.
     */
    public static OpenDescriptor adopt(int fd) throws IOException {
        return adopt(fd, "fd " + fd, Terms.ANY);
    }

    /**
     * The same for a socket, which becomes O_NONBLOCK for all who share it: it cannot be opened anew, and splice(2) and
     * accept(2) know no other way not to block.
     *
     * @throws java.nio.file.FileSystemException ENOTSOCK if it is none; it is left alone then
     */
    public static OpenDescriptor adoptSocket(int fd) throws IOException {
        return adopt(fd, "fd " + fd, Terms.SOCKET);
    }

    /**
     * The same for one that another process has passed to this one for good, of whatever kind: a socket becomes
     * O_NONBLOCK, and the number is closed with the descriptor, whatever number it is. Left open if this fails.
     *
     * @param name how it is called from now on
     */
    public static OpenDescriptor adoptPassed(int fd, String name) throws IOException {
        return adopt(fd, name, Terms.PASSED);
    }

    /** What is adopted, and what may be done to it. */
    private enum Terms {
        ANY,
        SOCKET,
        PASSED
    }

    private static OpenDescriptor adopt(int fd, String name, Terms terms) throws IOException {
        CallState state = CallState.acquire();
        try {
            int flags = FileCalls.fcntl(state, fd, Constants.F_GETFL, 0);
            if (flags < 0) {
                throw Failures.of("adopt", name, -flags);
            }
            if ((flags & Constants.O_PATH) != 0) {
                throw Failures.of("adopt", name, Errno.EBADF, "it is an O_PATH descriptor");
            }
            FileStatus status = FileStatus.of(state, fd, name);
            int access = flags & Constants.O_ACCMODE;
            Kind kind = Kind.of(state, fd, status);
            if (terms == Terms.SOCKET && !kind.isSocket()) {
                throw Failures.of("adopt", name, Errno.ENOTSOCK);
            }
            boolean nonblocking = kind.isListener() || (terms != Terms.ANY && kind.isSocket());
            if (nonblocking) {
                FileCalls.fcntl(state, fd, Constants.F_SETFL, flags | Constants.O_NONBLOCK);
            }
            boolean standard = fd <= STANDARD_ERROR && terms != Terms.PASSED;
            if (Kind.reopens(kind, status)) {
                int own = FileCalls.reopen(state, fd, access | Constants.O_NONBLOCK);
                if (own >= 0) {
                    OpenDescriptor descriptor =
                            new OpenDescriptor(own, name, kind, Mode.NONBLOCKING, access, release(fd, standard));
                    markIfEnded(state, fd, descriptor);
                    if (!standard) {
                        FileCalls.close(state, fd);
                    }
                    return descriptor;
                }
            }
            Mode mode = nonblocking ? Mode.NONBLOCKING : Mode.NO_WAIT;
            return shared(state, fd, name, kind, mode, access, standard);
        } finally {
            state.release();
        }
    }

    private static OpenDescriptor shared(
            CallState state, int fd, String name, Kind kind, Mode mode, int access, boolean standard)
            throws IOException {
        int own = fd;
        if (standard) {
            own = FileCalls.duplicate(state, fd);
            if (own < 0) {
                throw Failures.of("dup", name, -own);
            }
        } else {
            FileCalls.fcntl(state, fd, Constants.F_SETFD, Constants.FD_CLOEXEC);
        }
        return new OpenDescriptor(own, name, kind, mode, access, release(fd, standard));
    }

    // A FIFO's last writer may have gone before we opened it anew, and the new description does not show that it ever
    // was.
    private static void markIfEnded(CallState state, int original, OpenDescriptor descriptor) {
        if (descriptor.kind() == Kind.PIPE
                && descriptor.isReadable()
                && (PollCalls.pollNow(state, original, 0) & Constants.EPOLLHUP) != 0) {
            descriptor.peer().markEnded();
        }
    }

    private static OpenDescriptor.Release release(int original, boolean standard) {
        if (!standard) {
            return FileCalls::close;
        }
        return (state, own) -> {
            int result = FileCalls.close(state, own);
            int nothing = FileCalls.open(state, NULL, Constants.O_RDWR, 0);
            if (nothing >= 0) {
                FileCalls.duplicateTo(state, nothing, original);
                FileCalls.close(state, nothing);
            }
            return result;
        };
    }
}
