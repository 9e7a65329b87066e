// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

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
        int bytes = Math.toIntExact(journal.bytes(slot));
        if (bytes > 0 && available() >= bytes) {
            byte[] seen = new byte[bytes];
            if (descriptor.peek(ByteBuffer.wrap(seen), bytes - 1) == bytes
                    && Hash.of(seen, 0, bytes) == journal.hash(slot)) {
                take(seen, 0, bytes);
            }
        }
        journal.setState(slot, Journal.IDLE);
    }

    /** Tells without a deadline, which on a busy machine has passed before a peek has looked. */
    @SuppressWarnings("MustBeClosedChecker") // the descriptor is the caller's
    private int available() throws IOException {
        return descriptor.inputStream().available();
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
