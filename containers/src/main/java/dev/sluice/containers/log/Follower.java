// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One who reads a log in the process that writes it, and is told of what is new. For one thread at a time, but for
 * {@link #close}, which ends its wait.
 *
 * <p>Follow first, and open the files then: so nothing is missed in between. Each file that is begun from then on is
 * opened for the follower at once, and he gets it by {@link #take} though it may be deleted by then; but no more than
 * {@value #MOST_HELD} of each name wait for him. A log that nobody follows does none of this.
 */
final class Follower implements Closeable {
    private static final int MOST_HELD = 16;

    private final ContainerLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Begun> begun = new ArrayDeque<>();
    private boolean isNew;
    private boolean closed;

    Follower(ContainerLog log) {
        this.log = log;
    }

    /** A file that has been begun: the log's first or second one. */
    private record Begun(int file, LogPart part) {}

    /** Told by the writer, under the log's lock: there is more, or no more will come. */
    void appended() {
        lock.lock();
        try {
            isNew = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Told by the writer, under the log's lock: a file has been begun. */
    void begun(ContainerFolder folder, String name, int file, long sequence) {
        lock.lock();
        try {
            long waiting = begun.stream().filter(each -> each.file() == file).count();
            if (!closed && waiting < MOST_HELD) {
                LogPart part = LogPart.open(folder.file(name), sequence);
                if (part != null) {
                    begun.addLast(new Begun(file, part));
                }
            }
        } catch (IOException noDescriptorLeft) {
            // it is still found by its name, as long as it is kept
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something has been appended or a file begun since the last call, or the log is closed, or this is.
     * What came before the first call counts too.
     *
     * @param atMost how long it waits
     * @return whether there may be something new; false if the time is over, or nothing more will come
     * @throws InterruptedIOException if the thread is interrupted; it stays interrupted
     */
    boolean await(Duration atMost) throws InterruptedIOException {
        lock.lock();
        try {
            long rest = TimeUnit.NANOSECONDS.convert(atMost);
            while (!isNew && rest > 0 && !closed && log.isOpen()) {
                rest = news.awaitNanos(rest);
            }
            boolean found = isNew;
            isNew = false;
            return found;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for more of a log");
        } finally {
            lock.unlock();
        }
    }

    /**
     * A file that was begun while he followed, if it is the next one.
     *
     * @param file 0 for the log's first file, 1 for its second
     * @param sequence of the file that is wanted
     * @return the file, to be closed by the caller; null if it is not held: it may be found by its name
     * @throws IOException if one that is wanted no more cannot be closed
     */
    @Nullable LogPart take(int file, long sequence) throws IOException {
        lock.lock();
        try {
            pass(file, sequence);
            for (Iterator<Begun> each = begun.iterator(); each.hasNext(); ) {
                Begun next = each.next();
                if (next.file() == file && next.part().sequence() == sequence) {
                    each.remove();
                    return next.part();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Closes those that are wanted no more: who has found them by their names says so, or they would take the room of
     * those to come.
     *
     * @param file 0 for the log's first file, 1 for its second
     * @param sequence of the first one that may still be wanted
     * @throws IOException if one cannot be closed
     */
    void pass(int file, long sequence) throws IOException {
        lock.lock();
        try {
            for (Iterator<Begun> each = begun.iterator(); each.hasNext(); ) {
                Begun next = each.next();
                if (next.file() == file && next.part().sequence() < sequence) {
                    each.remove();
                    next.part().close();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Follows no more, and closes what was held. A second close does nothing. */
    @Override
    public void close() throws IOException {
        log.unfollow(this);
        lock.lock();
        try {
            closed = true;
            news.signalAll();
            for (Begun each : begun) {
                each.part().close();
            }
            begun.clear();
        } finally {
            lock.unlock();
        }
    }
}
