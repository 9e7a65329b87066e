// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Architecture;
import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.linux.TransferCalls;
import java.io.IOException;
import java.nio.file.Path;

/** Makes descriptors: by path, and pipes. Always O_NONBLOCK and O_CLOEXEC, so that no open waits for a peer. */
public final class Opening {
    private static final OpenDescriptor.Release CLOSE = FileCalls::close;

    private Opening() {}

    /**
     * Opens whatever lies at a path. A FIFO that is to be written and has no reader is opened all the same: it waits
     * for its reader when it is first used.
     */
    public static OpenDescriptor open(Path path, int flags, int mode) throws IOException {
        CallState state = CallState.acquire();
        try {
            int fd = FileCalls.open(state, path, flags | Constants.O_NONBLOCK, mode);
            if (fd == -Errno.ENXIO && (flags & Constants.O_ACCMODE) == Constants.O_WRONLY) {
                boolean follow = (flags & Architecture.current().openNoFollow) == 0;
                return openFifo(path, Constants.O_WRONLY, follow, Errno.ENXIO, ""); // or it is a socket
            }
            if (fd < 0) {
                throw Failures.of("open", path.toString(), -fd);
            }
            return wrap(state, fd, path.toString(), flags & Constants.O_ACCMODE);
        } finally {
            state.release();
        }
    }

    /** Opens a FIFO, and refuses anything else. */
    public static OpenDescriptor openFifo(Path path, int access, boolean followLinks) throws IOException {
        return openFifo(path, access, followLinks, Errno.EINVAL, "not a FIFO");
    }

    // What is checked is what is opened, whoever changes the path meanwhile.
    private static OpenDescriptor openFifo(Path path, int access, boolean followLinks, int refusal, String note)
            throws IOException {
        CallState state = CallState.acquire();
        try {
            int flags = Constants.O_PATH | (followLinks ? 0 : Architecture.current().openNoFollow);
            int place = FileCalls.open(state, path, flags, 0);
            if (place < 0) {
                throw Failures.of("open", path.toString(), -place);
            }
            boolean kept = false;
            try {
                FileStatus status = FileStatus.of(state, place, path.toString());
                if (status.kind() == Constants.S_IFLNK) {
                    throw Failures.of("open", path.toString(), Errno.ELOOP); // O_PATH opens the link itself
                }
                if (status.kind() != Constants.S_IFIFO) {
                    throw Failures.of("open", path.toString(), refusal, note);
                }
                int fd = FileCalls.reopen(state, place, access | Constants.O_NONBLOCK);
                if (fd == -Errno.ENXIO && access == Constants.O_WRONLY) {
                    OpenDescriptor descriptor =
                            new OpenDescriptor(-1, path.toString(), Kind.PIPE, Mode.NONBLOCKING, access, CLOSE);
                    descriptor.setPending(new PendingWriter(place));
                    kept = true;
                    return descriptor;
                }
                if (fd < 0) {
                    throw Failures.of("open", path.toString(), -fd);
                }
                return new OpenDescriptor(fd, path.toString(), Kind.PIPE, Mode.NONBLOCKING, access, CLOSE);
            } finally {
                if (!kept) {
                    FileCalls.close(state, place);
                }
            }
        } finally {
            state.release();
        }
    }

    /** mkfifo(3); a FIFO that exists already is as good. */
    public static void makeFifo(Path path, int mode) throws IOException {
        CallState state = CallState.acquire();
        try {
            int result = FileCalls.makeFifo(state, path, mode);
            if (result == -Errno.EEXIST) {
                if (!isFifo(state, path)) {
                    throw Failures.of("mkfifo", path.toString(), Errno.EEXIST, "not a FIFO");
                }
            } else if (result < 0) {
                throw Failures.of("mkfifo", path.toString(), -result);
            }
        } finally {
            state.release();
        }
    }

    private static boolean isFifo(CallState state, Path path) throws IOException {
        int place = FileCalls.open(state, path, Constants.O_PATH | Architecture.current().openNoFollow, 0);
        if (place < 0) {
            throw Failures.of("open", path.toString(), -place);
        }
        try {
            return FileStatus.of(state, place, path.toString()).kind() == Constants.S_IFIFO;
        } finally {
            FileCalls.close(state, place);
        }
    }

    /** pipe(7): the read end, then the write end. */
    public static OpenDescriptor[] pipe() throws IOException {
        CallState state = CallState.acquire();
        try {
            long ends = TransferCalls.pipe(state);
            if (ends < 0) {
                throw Failures.of("pipe2", "a new pipe", (int) -ends);
            }
            int source = (int) ends;
            int sink = (int) (ends >>> Integer.SIZE);
            OpenDescriptor[] pipe = {
                new OpenDescriptor(source, "pipe (read end)", Kind.PIPE, Mode.NONBLOCKING, Constants.O_RDONLY, CLOSE),
                new OpenDescriptor(sink, "pipe (write end)", Kind.PIPE, Mode.NONBLOCKING, Constants.O_WRONLY, CLOSE)
            };
            pipe[0].peer().markNameless();
            pipe[1].peer().markNameless();
            return pipe;
        } finally {
            state.release();
        }
    }

    /** A socket that is ours alone, O_NONBLOCK and O_CLOEXEC already. */
    public static OpenDescriptor socket(int fd, String name, Kind kind) {
        return socket(fd, name, kind, CLOSE);
    }

    /** The same, with more to do at its end than to close it. */
    public static OpenDescriptor socket(int fd, String name, Kind kind, OpenDescriptor.Release release) {
        return new OpenDescriptor(fd, name, kind, Mode.NONBLOCKING, Constants.O_RDWR, release);
    }

    private static OpenDescriptor wrap(CallState state, int fd, String name, int access) throws IOException {
        FileStatus status;
        try {
            status = FileStatus.of(state, fd, name);
        } catch (IOException failure) {
            FileCalls.close(state, fd);
            throw failure;
        }
        Kind kind = Kind.of(state, fd, status);
        Mode mode = kind.isOnDisk() ? Mode.NO_WAIT : Mode.NONBLOCKING;
        return new OpenDescriptor(fd, name, kind, mode, access, CLOSE);
    }
}
