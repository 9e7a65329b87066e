// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A FIFO that is to be written, and that nobody reads yet.
 *
 * <p>The kernel answers ENXIO to such an open, and no event announces a reader: inotify is silent while the reader sits
 * inside open(2), and opening the other side ourselves would release every process that is blocked there. So the open
 * is tried again on a timer, from 1 ms up to {@value #LONGEST_MILLIS} ms, and more slowly where thousands wait, so that
 * they take a few percent of one processor at most. It is tried on an O_PATH descriptor, so it survives that the name
 * is unlinked or replaced.
 */
final class PendingWriter {
    static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_MILLIS = 20;
    private static final long NANOS_EACH = TimeUnit.MICROSECONDS.toNanos(100);
    private static final AtomicInteger WAITING = new AtomicInteger();

    private final int path;

    /** @param path an O_PATH descriptor of the FIFO, which is closed when the wait is over */
    PendingWriter(int path) {
        this.path = path;
        WAITING.incrementAndGet();
    }

    /**
     * Waits for a reader, until {@code until} at the latest.
     *
     * @param other a side that is watched meanwhile, or null: that its descriptor is closed ends the wait too
     * @return the number of the open write end, or -1 when the time is over
     */
    int await(Side side, @Nullable Side other, long until) throws IOException {
        long delay = FIRST_NANOS;
        for (;;) {
            side.prepare();
            int fd = attempt(side);
            if (fd >= 0) {
                return fd;
            }
            if (Deadline.passed(until)) {
                return -1;
            }
            Waiting.pause(side, other, Deadline.earlier(until, Deadline.after(delay)));
            delay = next(delay);
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

    /** How long to wait after a try that came so long after the one before. */
    static long next(long delay) {
        return Math.min(delay * 2, Math.max(TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS), WAITING.get() * NANOS_EACH));
    }

    void abandon(CallState state) {
        WAITING.decrementAndGet();
        FileCalls.close(state, path);
    }
}
