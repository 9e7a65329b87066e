// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one log under one name, oldest first: {@code NAME.2.gz}, {@code NAME.1}, {@code NAME}.
 *
 * <p>Each has a sequence. The journal tells that of the file that is written, and whether a rotation is under way: so
 * if it says the same before and after some files were opened by their names, their sequences are certain. Those that
 * have been opened are held, and no rotation can take them away.
 */
final class LogParts implements Closeable {
    /** The sequence before all others. */
    static final long NONE = Long.MIN_VALUE;

    /** A process that was killed during a rotation leaves the mark of it until it is started again. */
    private static final int PATIENCE_MILLIS = 1000;

    private static final int MOST_HELD = 16;

    private final ContainerFolder folder;
    private final String name;
    private final int journalIndex;
    private final Deque<LogPart> held = new ArrayDeque<>();

    /** Where this process writes the log itself: it holds each file that is begun. */
    private final @Nullable Follower follower;

    private long newest;

    private LogParts(ContainerFolder folder, String name, int journalIndex) {
        this.folder = folder;
        this.name = name;
        this.journalIndex = journalIndex;
        ContainerLog written = ContainerLog.openIn(folder);
        this.follower = written == null ? null : written.follow();
    }

    /** Opens all files that are there. */
    static LogParts open(ContainerFolder folder, String name, int journalIndex) throws IOException {
        LogParts parts = new LogParts(folder, name, journalIndex);
        try {
            List<LogPart> found = parts.certain(NONE);
            parts.held.addAll(found);
            return parts;
        } catch (IOException | RuntimeException failure) {
            parts.close();
            throw failure;
        }
    }

    /** The oldest, which the caller closes; null if there is none. */
    @Nullable LogPart poll() {
        return held.poll();
    }

    /** Those that are held, oldest first. */
    List<LogPart> list() {
        return new ArrayList<>(held);
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /**
     * Whether nothing will be added any more to a file.
     *
     * @param part one of these, or one that was polled
     */
    boolean isRotated(LogPart part) throws IOException {
        return Journal.rotations(folder, journalIndex) / 2 > part.sequence();
    }

    /**
     * Opens those that came after the newest one that is held, or was polled last; but not while {@value #MOST_HELD}
     * are held: a reader that is slow for ever would hold ever more files that are deleted, and fill the disk.
     *
     * @param after the latter's sequence
     */
    void refresh(long after) throws IOException {
        if (held.size() >= MOST_HELD) {
            return;
        }
        LogPart last = held.peekLast();
        long next = (last == null ? after : last.sequence()) + 1;
        for (LogPart found : certain(next)) {
            for (; follower != null && next < found.sequence(); next++) {
                LogPart deleted = follower.take(journalIndex, next);
                if (deleted != null) {
                    held.addLast(deleted);
                }
            }
            held.addLast(found);
            next = found.sequence() + 1;
        }
        if (follower != null) {
            follower.pass(journalIndex, next);
        }
    }

    /** Opens all files from a sequence on, and is certain which they are. */
    private List<LogPart> certain(long from) throws IOException {
        long marked = 0;
        int paused = 0;
        for (;;) {
            long before = Journal.rotations(folder, journalIndex);
            if (before % 2 != 0 && (before != marked || paused < PATIENCE_MILLIS)) {
                paused = before == marked ? paused + 1 : 0;
                marked = before;
                pause();
                continue;
            }
            newest = before / 2;
            List<LogPart> found = openFrom(from);
            if (Journal.rotations(folder, journalIndex) == before) {
                return found;
            }
            closeAll(found);
        }
    }

    private List<LogPart> openFrom(long from) throws IOException {
        List<LogPart> found = new ArrayList<>();
        try {
            // A number may be missing: a process was killed during a rotation, or somebody has deleted a file.
            int gap = 0;
            for (int age = 0; newest - age >= from && gap < Rotation.LARGEST_GAP; age++) {
                LogPart part = LogPart.open(folder.file(LogNames.rotated(name, age)), newest - age);
                gap = part == null && age > 0 ? gap + 1 : 0;
                if (part != null) {
                    found.addFirst(part);
                }
            }
            return found;
        } catch (IOException | RuntimeException failure) {
            closeAll(found);
            throw failure;
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(1); // a rotation is a few renames
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a log is rotated");
        }
    }

    private static void closeAll(Iterable<LogPart> parts) throws IOException {
        for (LogPart part : parts) {
            part.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (follower != null) {
            follower.close();
        }
        closeAll(held);
        held.clear();
    }
}
