// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;

/**
 * What a log is written from: a pipe, a FIFO or a stream socket whose bytes stay where they are until the entries that
 * were made of them are in the log. So each is logged once, also when this process is killed at any moment.
 *
 * {@snippet :
 * LogSource source = log.source(pipe);
 * int rest = 0;
 * int seen;
 * while ((seen = pipe.peek(buffer.clear(), rest)) > rest) {
 *     int done = 0;
 *     try (Batch batch = source.begin()) {
 *         // of each entry that is whole: batch.add(entry), done = its end; stop where add answers false
 *         batch.commit(buffer.array(), 0, done); // writes them, and takes these bytes off the pipe
 *     }
 *     rest = seen - done; // 0 if add answered false: there is more than that
 * }
 * }
 */
public final class LogSource {
    private static final Logger LOG = System.getLogger(ContainerLog.class.getName());

    private final ContainerLog log;
    private final Descriptor descriptor;
    private final long inode;

    LogSource(ContainerLog log, Descriptor descriptor, long inode) {
        this.log = log;
        this.descriptor = descriptor;
        this.inode = inode;
    }

    /**
     * Begins a batch: waits for that of another thread. As {@link ContainerLog#begin}, but {@link
     * Batch#commit(byte[], int, int)} takes bytes off this source.
     *
     * @return the batch, to be closed
     * @throws IOException if the log is closed
     */
    public Batch begin() throws IOException {
        return log.begin(this);
    }

    long inode() {
        return inode;
    }

    /**
     * Takes what is in the log already. If a process was killed between the write and the take, these very bytes wait
     * in front; if it was killed after the take, others do, or none. (They may be equal, of a container that repeats
     * itself, and the process killed within the moment between read(2) and the next store: then they are missing.)
     */
    void settle(Journal journal) throws IOException {
        int slot = journal.slot(inode);
        if (journal.state(slot) != Journal.WRITTEN || journal.inode(slot) != inode) {
            return;
        }
        byte[] written = new byte[Math.toIntExact(journal.bytes(slot))];
        if (isInFront(written) && Hash.of(written, 0, written.length) == journal.hash(slot)) {
            take(written, 0, written.length);
        }
        journal.setState(slot, Journal.IDLE);
    }

    /**
     * Fills it with the next bytes, if so many are there. Asked without a deadline, which on a busy machine would have
     * passed before a peek has looked; and nothing is waited for, since they are there.
     */
    @SuppressWarnings("MustBeClosedChecker") // the descriptor is the caller's
    private boolean isInFront(byte[] bytes) throws IOException {
        if (bytes.length == 0 || descriptor.inputStream().available() < bytes.length) {
            return false;
        }
        try {
            // A socket may not show all of them, for what lies between, and a pipe shows all that one is asked for.
            int beyond = isPipe() ? bytes.length - 1 : 0;
            return descriptor.peek(ByteBuffer.wrap(bytes), beyond) == bytes.length;
        } catch (FileSystemException noPipeToLookBy) {
            LOG.log(Level.WARNING, "The last lines of " + descriptor + " may be logged twice", noPipeToLookBy);
            return false;
        }
    }

    private boolean isPipe() throws IOException {
        try {
            return descriptor.pipeCapacity() > 0;
        } catch (FileSystemException socket) {
            return false;
        }
    }

    /**
     * Takes so many bytes, which are there, and so waits for nothing. They are read over themselves.
     *
     * <p>An interrupt must not come between a write and this, or the bytes would be logged twice.
     */
    void take(byte[] bytes, int from, int to) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, to - from);
        boolean interrupted = false;
        try {
            while (buffer.hasRemaining()) {
                try {
                    if (descriptor.read(buffer) < 0) {
                        throw new IOException(descriptor + " has ended before the bytes that it had shown");
                    }
                } catch (InterruptedIOException later) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
