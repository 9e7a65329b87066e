// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A container's log, open for writing. One process at a time may have it open, and once; all methods may be called by
 * any number of threads.
 *
 * <p>The files are {@code container.log}, or for {@link LogFormat#RAW} {@code stdout.log} and {@code stderr.log}, and
 * what was rotated away, the newest first: {@code container.log.1}, {@code container.log.2} (or {@code .2.gz}), ...
 */
public final class ContainerLog implements Closeable {
    /** Where a batch is long enough: a write of more would not be quicker, and memory is kept for it. */
    private static final int LONG_ENOUGH = 256 * 1024;

    private final ContainerFolder folder;
    private final LogOptions options;
    private final EntryEncoder encoder;
    private final Journal journal;
    private final LogFile[] files;
    private final Outage outage;

    private final ReentrantLock lock = new ReentrantLock();
    private final Batch batch = new Batch(this);
    private final @Nullable EntryBuffer[] buffers;
    private @Nullable LogSource source;
    private boolean closed;

    private ContainerLog(ContainerFolder folder, LogOptions options, Journal journal, LogFile[] files) {
        this.folder = folder;
        this.options = options;
        this.journal = journal;
        this.files = files;
        this.encoder = EntryEncoder.of(options);
        this.outage = new Outage(folder);
        this.buffers = new @Nullable EntryBuffer[files.length];
    }

    /**
     * Opens a container's log, and repairs what a process that was killed has left half done.
     *
     * @param folder the container's
     * @param options how it is kept; the files that are there already should be of the same format
     * @return the log, to be closed by the caller
     * @throws IOException if a file cannot be opened, is a link, or is no regular file
     */
    public static ContainerLog open(ContainerFolder folder, LogOptions options) throws IOException {
        Journal journal = Journal.open(folder);
        boolean raw = options.format() == LogFormat.RAW;
        LogFile[] files = raw
                ? new LogFile[] {
                    new LogFile(folder, "stdout.log", false), new LogFile(folder, "stderr.log", false)
                }
                : new LogFile[] {new LogFile(folder, "container.log", true)};
        ContainerLog log = new ContainerLog(folder, options, journal, files);
        try {
            for (LogFile file : files) {
                file.open();
            }
            return log;
        } catch (IOException | RuntimeException failure) {
            log.close();
            throw failure;
        }
    }

    /** {@return the container's folder} */
    public ContainerFolder folder() {
        return folder;
    }

    /** {@return how it is kept} */
    public LogOptions options() {
        return options;
    }

    /**
     * Prepares to log what comes from a descriptor. What a process that was killed had logged of it and not taken yet is
     * taken now, and so is not logged again: to be called before its first bytes are peeked.
     *
     * @param descriptor a pipe, a FIFO or a stream socket, which stays the caller's; nobody else should read it
     * @return where its batches begin
     * @throws IOException if it cannot be read
     */
    public LogSource source(Descriptor descriptor) throws IOException {
        return new LogSource(this, descriptor, SafeFiles.inode(descriptor));
    }

    /**
     * Begins a batch: waits for that of another thread.
     *
     * @return the batch, to be closed
     * @throws IOException if the log is closed
     */
    public Batch begin() throws IOException {
        return begin(null);
    }

    Batch begin(@Nullable LogSource from) throws IOException {
        lock.lock();
        if (closed || lock.getHoldCount() > 1) {
            boolean nested = !closed;
            lock.unlock();
            if (nested) {
                throw new IllegalStateException("this thread has a batch already");
            }
            throw new java.nio.channels.ClosedChannelException();
        }
        source = from;
        return batch;
    }

    /**
     * One of the files of a {@link LogFormat#RAW} log.
     *
     * @param output whose file
     * @return the file
     * @throws IllegalStateException if the log has another format
     */
    public RawFile raw(Output output) {
        return new RawFile(this, rawFile(output));
    }

    /** {@return how many entries could not be kept since the log was opened} Of raw bytes, none are counted. */
    public long droppedEntries() {
        return outage.entries();
    }

    /** {@return how many bytes of text could not be kept since the log was opened} */
    public long droppedBytes() {
        return outage.bytes();
    }

    /** Closes it: waits for a batch under way. A second close does nothing. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            outage.close();
            for (LogFile file : files) {
                file.close();
            }
            journal.close();
        } finally {
            lock.unlock();
        }
    }

    private int index(Output output) {
        return files.length == 1 ? 0 : output.ordinal();
    }

    private LogFile rawFile(Output output) {
        if (options.format() != LogFormat.RAW) {
            throw new IllegalStateException(folder + " is kept as " + options.format().label());
        }
        return files[output.ordinal()];
    }

    private EntryBuffer buffer(int file) {
        EntryBuffer buffer = buffers[file];
        if (buffer == null) {
            buffer = EntryBuffer.acquire();
            buffers[file] = buffer;
        }
        return buffer;
    }

    boolean add(Entry entry) {
        EntryBuffer buffer = buffer(index(entry.output()));
        if (buffer.length > LONG_ENOUGH) {
            return false;
        }
        encoder.encode(entry, buffer);
        return true;
    }

    int addRaw(Output output, byte[] bytes, int from, int to) {
        rawFile(output);
        EntryBuffer buffer = buffer(output.ordinal());
        int count = Math.min(to - from, LONG_ENOUGH - buffer.length);
        if (count <= 0) {
            return 0;
        }
        buffer.append(bytes, from, count);
        buffer.endEntry(count);
        return count;
    }

    void commit() {
        for (int i = 0; i < files.length; i++) {
            EntryBuffer buffer = buffers[i];
            if (buffer != null && buffer.length > 0) {
                write(files[i], buffer);
                buffer.clear();
            }
        }
    }

    void commit(byte[] bytes, int from, int to) throws IOException {
        LogSource taken = source;
        if (taken == null) {
            throw new IllegalStateException("this batch has no source");
        }
        Object begun = Recorder.batchBegins();
        int entries = begun == null ? 0 : entries();
        commit();
        taken.take(bytes, from, to);
        Recorder.batchEnds(begun, folder.id(), entries, to - from);
    }

    private int entries() {
        int entries = 0;
        for (EntryBuffer buffer : buffers) {
            entries += buffer == null ? 0 : buffer.entries();
        }
        return entries;
    }

    private void write(LogFile file, EntryBuffer buffer) {
        try {
            file.write(buffer.bytes, buffer.length);
            outage.over();
        } catch (IOException failure) {
            outage.dropped(buffer.entries(), buffer.textAfter(0), failure);
        }
    }

    void end() {
        for (int i = 0; i < buffers.length; i++) {
            EntryBuffer buffer = buffers[i];
            if (buffer != null) {
                buffers[i] = null;
                EntryBuffer.release(buffer);
            }
        }
        source = null;
        lock.unlock();
    }

    Descriptor rawDescriptor(LogFile file) throws IOException {
        return file.open();
    }

    long rawRoom(LogFile file) {
        return Math.max(0, options.maxSize() - file.length());
    }

    void rawAdvanced(LogFile file, long count) {
        file.advanced(count);
    }

    void rawDropped(long bytes, IOException why) {
        outage.dropped(0, bytes, why);
    }
}
