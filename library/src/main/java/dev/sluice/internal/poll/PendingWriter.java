// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO that is to be written, and that nobody reads yet.
 *
 * <p>The kernel answers ENXIO to such an open (see fifo(7)), and no event announces a reader: inotify is silent while
 * the reader sits inside open(2), and opening the other side ourselves would release every process that is blocked
 * there. So the open is tried again on a timer: see {@link Pace}. It is tried on an O_PATH descriptor, so it survives
 * that the name is unlinked or replaced.
 */
final class PendingWriter {
    private final int path;

    /** @param path an O_PATH descriptor of the FIFO, which is closed when the wait is over */
    PendingWriter(int path) {
        this.path = path;
    }

    /**
     * Waits for a reader, until {@code until} at the latest.
     *
     * @param other a side that is watched meanwhile, or null: that its descriptor is closed ends the wait too
     * @return the number of the open write end, or -1 when the time is over
     */
    int await(Side side, @Nullable Side other, long until) throws IOException {
        @Nullable Object event = Recorder.waitBegins();
        try (Pace pace = new Pace()) {
            for (;;) {
                side.prepare();
                int fd = attempt(side);
                if (fd >= 0) {
                    return fd;
                }
                if (Deadline.passed(until)) {
                    return -1;
                }
                Waiting.pause(side, other, Deadline.earlier(until, pace.next()));
            }
        } finally {
            Recorder.waitEnds(event, side);
        }
    }

    /**
     * Waits for a reader in an operation that does not write: it has the write side for each try only, so that neither
     * keeps the other waiting, and the deadline of writes does not end it.
     *
     * @param watch a side of the caller's own, held by it
     */
    static void awaitBeside(Side watch) throws IOException {
        OpenDescriptor owner = watch.owner();
        if (!owner.isPending()) {
            return;
        }
        try (Pace pace = new Pace()) {
            while (owner.isPending()) {
                watch.prepare();
                Peers.tryToConnect(owner);
                if (owner.isPending()) {
                    Waiting.pause(watch, null, pace.next());
                }
            }
        }
    }

    /**
     * Tries once.
     *
     * @return the number of the open write end, or -1 if there is no reader
     */
    int attempt(Side side) throws IOException {
        int fd = FileCalls.reopen(side.state(), path, Constants.O_WRONLY | Constants.O_NONBLOCK);
        if (fd >= 0) {
            abandon(side.state());
            return fd;
        }
        if (fd != -Errno.ENXIO) {
            throw Failures.of("open", side.owner().name(), -fd);
        }
        return -1;
    }

    void abandon(CallState state) {
        FileCalls.close(state, path);
    }
}
