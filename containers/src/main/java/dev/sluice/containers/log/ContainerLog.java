// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A container's log, open for writing. One process at a time may have it open, and once; all methods may be called by
 * any number of threads.
 *
 * <p>The files are {@code container.log}, or for {@link LogFormat#RAW} {@code stdout.log} and {@code stderr.log}, and
 * what was rotated away, the newest first: {@code container.log.1}, {@code container.log.2} (or {@code .2.gz}), ...
 * They have mode 0640 whatever the umask is. Beside them lies {@code journal}, see {@link LogSource}.
 */
public final class ContainerLog implements Closeable {
    private static final Logger LOG = System.getLogger(ContainerLog.class.getName());
    private static final ConcurrentHashMap<Path, ContainerLog> OPEN = new ConcurrentHashMap<>();

    private final ContainerFolder folder;
    private final LogOptions options;
    private final Journal journal;
    private final LogFile[] files;
    private final Batch batch;
    private final Outage outage;
    private final Compression compression = new Compression(this);
    private final ReentrantLock lock = new ReentrantLock();
    private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();
    private final AtomicLong rotations = new AtomicLong();
    private final AtomicLong compressions = new AtomicLong();
    private volatile boolean closed;
    private boolean rotationFailed;

    private ContainerLog(ContainerFolder folder, LogOptions options, Journal journal) {
        this.folder = folder;
        this.options = options;
        this.journal = journal;
        this.outage = new Outage(folder);
        boolean lines = options.format() != LogFormat.RAW;
        this.files = LogNames.of(options.format()).stream()
                .map(name -> new LogFile(folder, name, lines))
                .toArray(LogFile[]::new);
        this.batch = new Batch(this, files.length);
    }

    /**
     * Opens a container's log, and repairs what a process that was killed has left half done: a rotation, a batch, a
     * line that has no end.
     *
     * @param folder the container's
     * @param options how it is kept; the files that are there already should be of the same format
     * @return the log, to be closed by the caller
     * @throws IOException if a file cannot be opened, is a link, or is no regular file; if this process has the log
     *     open already
     */
    public static ContainerLog open(ContainerFolder folder, LogOptions options) throws IOException {
        Journal journal = Journal.open(folder);
        ContainerLog log = new ContainerLog(folder, options, journal);
        if (OPEN.putIfAbsent(folder.path(), log) != null) {
            journal.close();
            throw new FileSystemException(folder.path().toString(), null, "is being written by this process already");
        }
        try {
            Repair.run(folder, options, journal, log.files);
            log.locked(() -> log.startCompression());
            return log;
        } catch (Throwable failure) {
            log.close();
            throw failure;
        }
    }

    /**
     * The log that this process has open in a folder.
     *
     * @param folder the container's
     * @return the log; null if there is none
     */
    public static @Nullable ContainerLog openIn(ContainerFolder folder) {
        return OPEN.get(folder.path());
    }

    /** {@return the container's folder} */
    public ContainerFolder folder() {
        return folder;
    }

    /** {@return how it is kept} */
    public LogOptions options() {
        return options;
    }

    /** {@return whether it is open} */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Prepares to log what comes from a descriptor. What a process that was killed had logged of it and not taken yet
     * is taken now, and so is not logged again: to be called before its first bytes are peeked.
     *
     * @param descriptor a pipe, a FIFO or a stream socket, which stays the caller's; nobody else should read it
     * @return where its batches begin
     * @throws IOException if it cannot be read, or the log is closed
     */
    public LogSource source(Descriptor descriptor) throws IOException {
        LogSource source = new LogSource(this, descriptor, Inodes.of(descriptor));
        lock.lock();
        try {
            checkOpen();
            source.settle(journal);
            return source;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a batch: waits for that of another thread.
     *
     * @return the batch, to be closed
     * @throws IllegalStateException if this thread has one that it has not closed
     * @throws IOException if the log is closed
     */
    public Batch begin() throws IOException {
        return begin(null);
    }

    Batch begin(@Nullable LogSource source) throws IOException {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread has a batch already");
        }
        lock.lock();
        if (closed) {
            lock.unlock();
            throw new ClosedChannelException();
        }
        batch.begin(source);
        return batch;
    }

    void end() {
        lock.unlock();
    }

    /**
     * One of the files of a {@link LogFormat#RAW} log.
     *
     * @param output whose file
     * @return the file
     * @throws IllegalStateException if the log has another format
     */
    public RawFile raw(Output output) {
        checkRaw();
        return new RawFile(this, index(output));
    }

    void checkRaw() {
        if (options.format() != LogFormat.RAW) {
            throw new IllegalStateException(folder + " is kept as " + options.format().label());
        }
    }

    /**
     * Follows the log, from now on.
     *
     * @return who is told, to be closed by the caller
     */
    Follower follow() {
        Follower follower = new Follower(this);
        followers.add(follower);
        return follower;
    }

    void unfollow(Follower follower) {
        followers.remove(follower);
    }

    /** {@return how many follow it now} */
    public int followers() {
        return followers.size();
    }

    /** {@return how many entries could not be kept since the log was opened} Of raw bytes, none are counted. */
    public long droppedEntries() {
        return outage.entries();
    }

    /** {@return how many bytes of text could not be kept since the log was opened} */
    public long droppedBytes() {
        return outage.bytes();
    }

    /** {@return how many files were rotated away since the log was opened} */
    public long rotations() {
        return rotations.get();
    }

    /** {@return how many files were compressed since the log was opened} */
    public long compressions() {
        return compressions.get();
    }

    /**
     * Closes it: waits for a batch under way, and breaks off a compression, which whoever opens the log next begins
     * anew. A second close does nothing.
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        compression.stop();
        lock.lock();
        try {
            for (LogFile file : files) {
                file.close();
            }
            journal.close();
        } finally {
            outage.close();
            OPEN.remove(folder.path(), this);
            lock.unlock();
            followers.forEach(Follower::appended);
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    // What batches and raw files need, under the lock.

    int index(Output output) {
        return files.length == 1 ? 0 : output.ordinal();
    }

    Journal journal() {
        return journal;
    }

    long length(int file) {
        return files[file].length();
    }

    long room(int file) {
        return options.maxSize() - files[file].length();
    }

    void cut(int file, long length) throws IOException {
        files[file].cut(length);
    }

    /** Writes what can be kept of it, in whole entries. */
    void write(int file, EntryBuffer buffer) {
        try {
            files[file].write(buffer.bytes, buffer.length);
            outage.over();
        } catch (IOException failure) {
            int kept = files[file].keepWhole(buffer);
            outage.dropped(buffer.entries() - buffer.countWithin(kept), buffer.textAfter(kept), failure);
        }
    }

    void appended() {
        for (Follower follower : followers) {
            follower.appended();
        }
    }

    /** Begins a new file. If that fails the old one is written on, and longer than it should be. */
    void rotate(int index) {
        LogFile file = files[index];
        long before = journal.rotations(index);
        long full = file.length();
        journal.setRotations(index, before + 1);
        try {
            file.close();
            if (rotationFailed) {
                Rotation.finish(folder, file.name(), options.maxFiles());
            } else {
                Rotation.shift(folder, file.name(), options.maxFiles());
            }
            rotationFailed = false;
        } catch (IOException failure) {
            rotationFailed(failure);
            journal.setRotations(index, before);
            return;
        }
        try {
            file.open();
        } catch (IOException failure) {
            outage.dropped(0, 0, failure); // each write tries to open it
        }
        journal.setRotations(index, before + 2);
        rotations.incrementAndGet();
        Activity.rotated(folder.id(), file.name(), full);
        for (Follower follower : followers) {
            follower.begun(folder, file.name(), index, before / 2 + 1);
            follower.appended();
        }
        startCompression();
    }

    private void rotationFailed(IOException failure) {
        if (!rotationFailed) {
            rotationFailed = true;
            LOG.log(Level.WARNING, "The log in " + folder + " grows on, for it cannot be rotated: "
                    + failure.getMessage());
        }
    }

    private @Nullable Void startCompression() {
        if (options.compress() && !closed) {
            compression.start();
        }
        return null;
    }

    void compressed() {
        compressions.incrementAndGet();
        Activity.compressed();
    }

    long sequence(String name) {
        return journal.rotations(LogNames.of(options.format()).indexOf(name)) / 2;
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    Descriptor rawDescriptor(int index) throws IOException {
        lock.lock();
        try {
            checkOpen();
            if (room(index) <= 0) {
                rotate(index);
            }
            return files[index].open();
        } finally {
            lock.unlock();
        }
    }

    void rawAdvanced(int index, long count) {
        lock.lock();
        try {
            files[index].advanced(count);
            if (count > 0) {
                outage.over();
            }
            appended();
        } finally {
            lock.unlock();
        }
    }

    void rawDropped(long bytes, IOException why) {
        lock.lock();
        try {
            outage.dropped(0, bytes, why);
        } finally {
            lock.unlock();
        }
    }
}
