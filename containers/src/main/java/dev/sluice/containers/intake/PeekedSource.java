// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Descriptor;
import dev.sluice.PipeFullException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * A source that is looked at before anything is taken from it. While much comes, it has a large buffer and a large
 * pipe; when nothing has come for a second, it gives both back, for there may be hundreds of sources that are quiet.
 */
final class PeekedSource {
    /** As much as a pipe can have without privilege (pipe(7)), and as is looked at in one go. */
    static final int LARGEST = 1 << 20;

    static final int SMALLEST = 8 * 1024;

    private static final int DRAINED = 64 * 1024;

    private static final Duration QUIET = Duration.ofSeconds(1);

    /** For a writer that has written half a frame. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Descriptor source;
    private final int firstCapacity;
    private int capacity;
    private boolean mayGrow;
    private byte[] array = new byte[SMALLEST];
    private ByteBuffer buffer = ByteBuffer.wrap(array);

    PeekedSource(Descriptor source) {
        this.source = source;
        int found;
        try {
            found = source.pipeCapacity();
            mayGrow = true;
        } catch (IOException notAPipe) {
            // A socket's buffer is of another kind.
            found = SMALLEST;
        }
        firstCapacity = found;
        capacity = found;
    }

    Descriptor descriptor() {
        return source;
    }

    /** {@return where {@link #look} put the bytes, from 0 on; good until the next look} */
    byte[] array() {
        return array;
    }

    /** {@return how many bytes the pipe holds at most} */
    int capacity() {
        return capacity;
    }

    /**
     * Waits for more than so many bytes, as {@link Descriptor#peek} does.
     *
     * @return how many were seen; no more than {@code beyond} if more will not come, 0 at the end
     * @throws PipeFullException if it is full without these, and cannot be larger
     * @throws InterruptedIOException if the thread is interrupted
     */
    int look(int beyond) throws IOException {
        makeRoom(beyond + 1);
        while (true) {
            try {
                return Math.max(0, peek(beyond));
            } catch (PipeFullException full) {
                if (!grow()) {
                    throw full;
                }
            } catch (SocketTimeoutException quiet) {
                giveBack(beyond + 1);
            }
        }
    }

    private int peek(int beyond) throws IOException {
        buffer.clear();
        if (array.length <= SMALLEST && capacity <= firstCapacity) {
            return source.peek(buffer, beyond);
        }
        source.setReadDeadline(QUIET);
        try {
            return source.peek(buffer, beyond);
        } finally {
            source.clearReadDeadline();
        }
    }

    /** To be told how many bytes the last look saw: where they fill the buffer, the next one has a larger one. */
    void saw(int count) {
        if (count == array.length && array.length < LARGEST) {
            makeRoom(Math.min(LARGEST, array.length * 4));
        }
    }

    private void makeRoom(int bytes) {
        if (array.length < bytes) {
            array = Arrays.copyOf(array, Math.max(bytes, SMALLEST));
            buffer = ByteBuffer.wrap(array);
        }
    }

    /** Asks for a large pipe, if it has none. */
    boolean grow() {
        if (!mayGrow || capacity >= LARGEST) {
            return false;
        }
        mayGrow = resize(LARGEST);
        return mayGrow;
    }

    private void giveBack(int needed) {
        array = new byte[Math.max(needed, SMALLEST)];
        buffer = ByteBuffer.wrap(array);
        if (capacity > firstCapacity) {
            resize(firstCapacity);
        }
    }

    /** EPERM past the user's quota, EBUSY while more is in it than it is to have: it stays as it is then. */
    private boolean resize(int bytes) {
        try {
            capacity = source.setPipeCapacity(bytes);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /**
     * Takes bytes into the array, and waits for those that are still to come; for two seconds, if it is interrupted.
     * What is in the array before them stays.
     *
     * @return whether all came
     * @throws IOException if the source cannot be read
     */
    boolean read(int from, int to) throws IOException {
        makeRoom(to);
        ByteBuffer target = ByteBuffer.wrap(array, from, to - from);
        boolean interrupted = Thread.interrupted();
        try {
            while (target.hasRemaining()) {
                try {
                    if (source.read(target) < 0) {
                        return false;
                    }
                } catch (InterruptedIOException cut) {
                    Thread.interrupted();
                    if (cut instanceof SocketTimeoutException) {
                        return false;
                    }
                    interrupted = true;
                    source.setReadDeadline(PATIENCE);
                }
            }
            return true;
        } finally {
            if (interrupted) {
                source.clearReadDeadline();
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Takes all that comes, to nowhere, so that its writer is never blocked.
     *
     * @throws InterruptedIOException if the thread is interrupted
     * @throws IOException if the source cannot be read
     */
    void drain(Counters counters) throws IOException {
        makeRoom(DRAINED);
        for (int count = source.read(buffer.clear()); count >= 0; count = source.read(buffer.clear())) {
            counters.dropped(0, count);
        }
    }
}
