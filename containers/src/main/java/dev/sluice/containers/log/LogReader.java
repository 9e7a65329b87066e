// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads a container's log, whoever writes it meanwhile, in this process or another one, or nobody: entries in the order
 * in which they were logged, from the oldest file that is left on.
 *
 * <p>Rotations neither lose nor double an entry for a reader that keeps up. One that is so slow that a file is deleted
 * before it was opened goes on with the next, and {@link #missedFiles} counts it. A damaged line is passed over and
 * counted ({@link #damagedLines}). Of a {@link LogFormat#RAW} log all of standard output comes first, and then standard
 * error; when it is followed, what comes of both is handed out as it comes.
 *
 * <p>One thread reads; any thread may close.
 */
public final class LogReader implements Closeable {
    /** How often the log is looked at though nothing tells of a change: on network file systems nothing does. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** How many entries of one output come in a row while the other one may have some. */
    private static final int TURN = 1024;
    /** How far entries may be out of order: they are when both outputs are written at once. */
    private static final long DISORDER_NANOS = 1_000_000_000L;

    private final Selection selection;
    private final LiveState state;
    private final @Nullable FolderWatch watch;
    private final List<LogStream> streams = new ArrayList<>();
    private final AtomicBoolean follows;
    private int turn;
    private int inARow;
    private boolean over;

    private LogReader(ContainerFolder folder, Selection selection) {
        this.selection = selection;
        this.follows = new AtomicBoolean(selection.follow());
        this.state = new LiveState(folder);
        this.watch = selection.follow() ? new FolderWatch(folder.path()) : null;
        if (follows.get()) {
            Activity.followerComes();
        }
    }

    /**
     * Opens a log at the first entry that is selected. What has been logged by now is read, and more only if the
     * selection says to follow.
     *
     * @param folder the container's
     * @param selection which entries
     * @return the reader, to be closed
     * @throws IllegalArgumentException if times are asked for of a raw log, which has none; the message is for people
     * @throws IOException if a file cannot be opened or read, or is a link
     */
    public static LogReader open(ContainerFolder folder, Selection selection) throws IOException {
        LogReader reader = new LogReader(folder, selection);
        try {
            if (isRaw(folder)) {
                reader.openRaw(folder);
            } else {
                reader.streams.add(
                        LogStream.open(folder, LogNames.BOTH, 0, EntryParser.ofEntries(), selection));
            }
            return reader;
        } catch (IOException | RuntimeException failure) {
            reader.close();
            throw failure;
        }
    }

    private void openRaw(ContainerFolder folder) throws IOException {
        if (selection.isBounded()) {
            throw new IllegalArgumentException(
                    folder.id() + " is kept as raw, and so without times: neither since nor until can be told");
        }
        for (Output output : Output.values()) {
            if (selection.outputs().contains(output)) {
                EntryParser parser = EntryParser.ofRaw(output);
                streams.add(LogStream.open(folder, LogNames.raw(output), output.ordinal(), parser, selection));
            }
        }
    }

    /** {@return whether a container's log is kept as raw, and entries have no times} */
    public static boolean isRaw(ContainerFolder folder) {
        return Files.exists(folder.file(LogNames.raw(Output.STDOUT)), LinkOption.NOFOLLOW_LINKS)
                || Files.exists(folder.file(LogNames.raw(Output.STDERR)), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The next entry. Waits for it, when following, until it has come or the container has ended.
     *
     * @return it, with its bytes good until the next call; null at the end
     * @throws InterruptedIOException if the thread is interrupted while it waits; its interrupt status stays set, and
     *     the reader can be used on
     * @throws java.nio.channels.ClosedChannelException if the reader is closed, before or meanwhile
     * @throws IOException if the log cannot be read
     */
    public @Nullable Entry next() throws IOException {
        for (;;) {
            Entry entry = poll();
            if (entry != null || over) {
                return entry;
            }
            FolderWatch changes = watch;
            if (changes == null) {
                over = true;
            } else if (state.hasEnded() || isPast()) {
                // What was logged before that is still read.
                entry = poll();
                over = entry == null;
                return entry;
            } else {
                try {
                    changes.await(LOOK);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while waiting for more of a log");
                }
            }
        }
    }

    /**
     * The next entry, if it is there: never waits. So whoever follows can pass on what came before, and then wait.
     *
     * @return it, with its bytes good until the next call; null if there is none now
     * @throws java.nio.channels.ClosedChannelException if the reader is closed, before or meanwhile
     * @throws IOException if the log cannot be read
     */
    public @Nullable Entry poll() throws IOException {
        for (int tried = 0; tried < streams.size() && !over; tried++) {
            boolean stay = inARow < TURN || !selection.follow() || streams.size() == 1;
            Entry entry = stay ? streams.get(turn).poll() : null;
            if (entry != null) {
                inARow++;
                tried = 0;
                if (selection.until() < Long.MAX_VALUE - DISORDER_NANOS
                        && entry.nanos() > selection.until() + DISORDER_NANOS) {
                    over = true;
                    return null;
                }
                return entry;
            }
            turn = (turn + 1) % streams.size();
            inARow = 0;
        }
        return null;
    }

    /** Whether no more entry can come that is selected. */
    private boolean isPast() {
        long now = System.currentTimeMillis() * 1_000_000L;
        return selection.until() < Long.MAX_VALUE - DISORDER_NANOS && now > selection.until() + DISORDER_NANOS;
    }

    /** {@return how many lines were passed over because they are damaged, so far} */
    public long damagedLines() {
        return streams.stream().mapToLong(LogStream::damaged).sum();
    }

    /** {@return how many files were deleted, by rotation, before they could be read, so far} */
    public long missedFiles() {
        return streams.stream().mapToLong(LogStream::missed).sum();
    }

    /** Closes it; a wait under way ends. A second close does nothing. */
    @Override
    public void close() throws IOException {
        if (follows.getAndSet(false)) {
            Activity.followerGoes();
        }
        if (watch != null) {
            watch.close();
        }
        for (LogStream stream : streams) {
            stream.close();
        }
    }
}
