// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;

/**
 * Entries that are written to a log together. Holds the log's lock from {@link ContainerLog#begin} to {@link #close},
 * and so belongs to the thread that began it, which should not wait for anything meanwhile.
 */
public final class Batch implements AutoCloseable {
    private final ContainerLog log;

    Batch(ContainerLog log) {
        this.log = log;
    }

    /**
     * Adds an entry; its bytes are copied. Does not write yet, but for a rotation if the file has no room for the first
     * entry of a batch: a file is never longer than {@link LogOptions#maxSize}, unless one entry alone is.
     *
     * @param entry what is to be written
     * @return whether it was added. If not, the file is full, or the batch is long enough: commit it, and begin anew.
     *     The first entry of a batch is always added.
     */
    public boolean add(Entry entry) {
        return log.add(entry);
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
        return log.addRaw(output, bytes, from, to);
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
        log.commit();
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
        log.commit(bytes, from, to);
    }

    /** Forgets what was added and not committed, and lets others write. */
    @Override
    public void close() {
        log.end();
    }
}
