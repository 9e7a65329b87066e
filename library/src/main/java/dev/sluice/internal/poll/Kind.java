// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.FileStatus;
import dev.sluice.internal.linux.SocketCalls;

/** What a descriptor refers to, as far as it matters for waiting and for copying. */
public enum Kind {
    /** A pipe or a FIFO: see pipe(7). */
    PIPE,
    /** A connected socket that carries a stream of bytes. */
    STREAM_SOCKET,
    /** A socket whose messages have boundaries, which splice(2) would lose. */
    MESSAGE_SOCKET,
    /** A socket that accepts connections. It is readable when one waits, and has no bytes of its own. */
    LISTENER,
    /** The same, of connections whose messages have boundaries. */
    MESSAGE_LISTENER,
    /** A terminal, either side of a pseudo-terminal included. */
    TERMINAL,
    /** A regular file: always ready, though a slow disk may block. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A block device. Treated as a file. */
    BLOCK_DEVICE,
    /** A character device that is no terminal, such as /dev/null. */
    DEVICE,
    /** An eventfd, timerfd, inotify descriptor or the like. */
    OTHER;

    /** The major and minor number of /dev/ptmx: opening it anew makes another pseudo-terminal. */
    private static final long PTMX = 5L << Integer.SIZE | 2;

    static Kind of(CallState state, int fd, FileStatus status) {
        return switch (status.kind()) {
            case Constants.S_IFIFO -> PIPE;
            case Constants.S_IFREG -> FILE;
            case Constants.S_IFDIR -> DIRECTORY;
            case Constants.S_IFBLK -> BLOCK_DEVICE;
            case Constants.S_IFCHR -> FileCalls.isTerminal(state, fd) ? TERMINAL : DEVICE;
            case Constants.S_IFSOCK -> ofSocket(state, fd);
            default -> OTHER;
        };
    }

    private static Kind ofSocket(CallState state, int fd) {
        int type = SocketCalls.intOption(state, fd, Constants.SOL_SOCKET, Constants.SO_TYPE);
        boolean isStream = type == Constants.SOCK_STREAM;
        if (SocketCalls.intOption(state, fd, Constants.SOL_SOCKET, Constants.SO_ACCEPTCONN) > 0) {
            return isStream ? LISTENER : MESSAGE_LISTENER;
        }
        return isStream ? STREAM_SOCKET : MESSAGE_SOCKET;
    }

    /** Whether it is a socket of any kind. */
    public boolean isSocket() {
        return this == STREAM_SOCKET || this == MESSAGE_SOCKET || isListener();
    }

    /** Whether it accepts connections, and has no bytes. */
    public boolean isListener() {
        return this == LISTENER || this == MESSAGE_LISTENER;
    }

    /** Whether opening /proc/self/fd/N makes a private file description of the same thing. */
    static boolean reopens(Kind kind, FileStatus status) {
        return kind == PIPE || (kind == TERMINAL && status.special() != PTMX);
    }

    /** Whether a call on it may wait for a disk, whatever O_NONBLOCK says. */
    public boolean isOnDisk() {
        return this == FILE || this == DIRECTORY || this == BLOCK_DEVICE;
    }
}
