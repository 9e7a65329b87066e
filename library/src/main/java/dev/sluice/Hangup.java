// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.Hangups;

/** In which way the other end of a descriptor has gone. */
public enum Hangup {
    /** All readers of a pipe or FIFO have gone: a write fails with EPIPE. (EPOLLERR on its write end.) */
    READER_GONE,

    /**
     * All writers of a pipe or FIFO, or the peer of a socket or terminal, have gone. What is buffered can be read.
     * (EPOLLHUP.)
     */
    PEER_CLOSED,

    /** The peer will send nothing more, but may still read: it has shut down its writing side. (EPOLLRDHUP.) */
    PEER_HALF_CLOSED,

    /** The connection has been reset. (EPOLLERR on a socket.) */
    RESET,

    /** Somebody has opened the other end of a FIFO or terminal again, after a hang-up. */
    PEER_RETURNED;

    static Hangup of(Hangups.State state) {
        return switch (state) {
            case NONE -> PEER_RETURNED;
            case HALF_CLOSED -> PEER_HALF_CLOSED;
            case CLOSED -> PEER_CLOSED;
            case READER_GONE -> READER_GONE;
            case RESET -> RESET;
        };
    }
}
