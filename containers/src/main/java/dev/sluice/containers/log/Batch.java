// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Entries that are written to a log together. Holds the log's lock from {@link ContainerLog#begin} to {@link #close},
 * and so belongs to the thread that began it, which should not wait for anything meanwhile.
 */
public final class Batch implements AutoCloseable {
    /** Where a batch is long enough: a write of more would not be quicker, and memory is kept for it. */
    private static final int LONG_ENOUGH = 256 * 1024;

    private final ContainerLog log;
    private final EntryEncoder encoder;
    private final @Nullable EntryBuffer[] buffers;
    private @Nullable LogSource source;

    Batch(ContainerLog log, int files) {
        this.log = log;
        this.encoder = EntryEncoder.of(log.options());
        this.buffers = new @Nullable EntryBuffer[files];
    }

    void begin(@Nullable LogSource from) {
        source = from;
    }

    /**
     * Adds an entry; its bytes are copied. Does not write yet, but rotates if the file has no room for the first entry
     * of a batch: a file is never longer than {@link LogOptions#maxSize}, unless one entry alone is.
     *
     * @param entry what is to be written
     * @return whether it was added. If not, the file is full, or the batch is long enough: commit it, and begin anew.
     *     The first entry of a batch is always added.
     */
    public boolean add(Entry entry) {
        int file = log.index(entry.output());
        EntryBuffer buffer = buffer(file);
        int before = buffer.length;
        if (before > LONG_ENOUGH) {
            return false;
        }
        encoder.encode(entry, buffer);
        if (log.room(file) >= buffer.length) {
            return true;
        }
        if (before > 0) {
            buffer.removeLast(before);
            return false;
        }
        if (log.length(file) > 0) {
            log.rotate(file);
        }
        return true;
    }

    /**
     * Adds bytes as they are, which need not be whole lines: for {@link LogFormat#RAW} alone.
     *
     * @param output whose bytes they are
     * @param bytes holds them; they are copied
     * @param from the first one
     * @param to the end of them
     * @return how many were added: fewer than all if the file is full or the batch long enough; at least one at the
     *     first call of a batch, if there is one
     * @throws IllegalStateException if the log has another format
     */
    public int addRaw(Output output, byte[] bytes, int from, int to) {
        log.checkRaw();
        int file = log.index(output);
        EntryBuffer buffer = buffer(file);
        if (buffer.length == 0 && to > from && log.room(file) <= 0) {
            log.rotate(file);
        }
        // A rotation that has failed leaves no room; the first byte goes in all the same.
        long room = Math.max(buffer.length == 0 ? 1 : 0, log.room(file) - buffer.length);
        int count = (int) Math.min(Math.min(to - from, LONG_ENOUGH - buffer.length), room);
        if (count <= 0) {
            return 0;
        }
        buffer.append(bytes, from, count);
        buffer.endEntry(count);
        return count;
    }

    /**
     * Writes what was added, and empties this batch, which may be filled again. Of a source's batch it takes nothing
     * off the source.
     *
     * <p>A disk that is full, or fails, is no exception: entries that cannot be kept whole are dropped and counted (see
     * {@link ContainerLog#droppedEntries}), for nobody is helped if the container is held up; and the next batch is
     * tried again. Neither interrupt nor close ends a write.
     */
    public void commit() {
        write();
        committed();
    }

    private void write() {
        for (int file = 0; file < buffers.length; file++) {
            EntryBuffer buffer = buffers[file];
            if (buffer != null && buffer.length > 0) {
                log.write(file, buffer);
            }
        }
    }

    /**
     * The same, and then takes the bytes off the source that these entries were made of, so that no death of this
     * process can come between. These bytes were peeked, and so are waited for by nobody.
     *
     * @param bytes holds them, and is written to with the same bytes
     * @param from the first one that has not been taken yet
     * @param to the end of those that the batch was made of, and of those that are to be passed over; as many as {@code
     *     from} if none
     * @throws IllegalStateException if the batch was not begun by {@link LogSource#begin}
     * @throws IOException if the source cannot be read any more, was closed say; what was written is taken back then
     */
    public void commit(byte[] bytes, int from, int to) throws IOException {
        LogSource taken = source;
        if (taken == null) {
            throw new IllegalStateException("this batch has no source");
        }
        Object recorded = Recorder.batchBegins();
        int entries = recorded == null ? 0 : entries();
        Journal journal = log.journal();
        int slot = journal.slot(taken.inode());
        long[] lengths = new long[Journal.FILES];
        for (int file = 0; file < Journal.FILES; file++) {
            boolean grows = file < buffers.length && length(file) > 0;
            lengths[file] = grows ? log.length(file) : Journal.UNTOUCHED;
        }
        journal.begin(slot, taken.inode(), to - from, Hash.of(bytes, from, to), lengths);
        try {
            write();
            journal.setState(slot, Journal.WRITTEN);
            taken.take(bytes, from, to);
        } catch (Throwable failure) {
            // An error too: what is left in WRITING cuts off, at the next opening, all that others write from now on.
            journal.setState(slot, Journal.WRITING);
            takeBack(lengths, failure);
            journal.setState(slot, Journal.IDLE);
            throw failure;
        }
        journal.setState(slot, Journal.IDLE);
        committed();
        Recorder.batchEnds(recorded, log.folder().id(), entries, to - from);
    }

    private int entries() {
        int sum = 0;
        for (EntryBuffer buffer : buffers) {
            sum += buffer == null ? 0 : buffer.entries();
        }
        return sum;
    }

    private void takeBack(long[] lengths, Throwable failure) {
        for (int file = 0; file < buffers.length; file++) {
            if (lengths[file] != Journal.UNTOUCHED) {
                try {
                    log.cut(file, lengths[file]);
                } catch (IOException also) {
                    failure.addSuppressed(also);
                }
            }
        }
        clear();
    }

    private int length(int file) {
        EntryBuffer buffer = buffers[file];
        return buffer == null ? 0 : buffer.length;
    }

    private void committed() {
        boolean any = entries() > 0;
        clear();
        if (any) {
            log.appended();
        }
    }

    private void clear() {
        for (EntryBuffer buffer : buffers) {
            if (buffer != null) {
                buffer.clear();
            }
        }
    }

    private EntryBuffer buffer(int file) {
        EntryBuffer buffer = buffers[file];
        if (buffer == null) {
            buffer = EntryBuffer.acquire();
            buffers[file] = buffer;
        }
        return buffer;
    }

    /** Forgets what was added and not committed, and lets others write. */
    @Override
    public void close() {
        for (int file = 0; file < buffers.length; file++) {
            EntryBuffer buffer = buffers[file];
            if (buffer != null) {
                buffers[file] = null;
                EntryBuffer.release(buffer);
            }
        }
        source = null;
        log.end();
    }
}
