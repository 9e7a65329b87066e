// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.TransferCalls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whether a FIFO's other end has come, and the waits for it. {@link Hangups} tells whether it has gone. */
public final class Peers {
    private Peers() {}

    /**
     * Waits, where the owner is a FIFO's writer that has had no reader yet, until it has one and is open.
     *
     * @param side its write side, which the caller holds
     */
    public static void connect(Side side) throws IOException {
        connect(side, null, Deadline.NONE);
    }

    /**
     * The same, until {@code until} at the latest, and ended by a close of another descriptor too.
     *
     * @return whether it is open
     */
    public static boolean connect(Side side, @Nullable Side other, long until) throws IOException {
        @Nullable PendingWriter pending = side.owner().pending();
        return pending == null || opened(side, pending.await(side, other, until));
    }

    /**
     * Tries once, unless somebody holds the write side: whoever does tries by itself. So it can be asked beside writes.
     */
    static void tryToConnect(OpenDescriptor descriptor) throws IOException {
        Side side = descriptor.writeSide();
        if (!side.tryBegin()) {
            return;
        }
        try {
            connectNow(side);
        } finally {
            side.end();
        }
    }

    /** Tries once, for the holder of the write side. */
    public static void connectNow(Side side) throws IOException {
        @Nullable PendingWriter pending = side.owner().pending();
        if (pending != null) {
            boolean ignored = opened(side, pending.attempt(side));
        }
    }

    private static boolean opened(Side side, int fd) {
        if (fd >= 0) {
            side.owner().opened(fd);
        }
        return fd >= 0;
    }

    /** Waits, as a blocking open(2) would, until a FIFO that has just been opened has a peer, or has had one. */
    public static void awaitFirst(OpenDescriptor descriptor) throws IOException {
        if (descriptor.isReadable()) {
            awaitWriter(descriptor.readSide(), false);
        } else {
            awaitReader(descriptor.writeSide());
        }
    }

    /** The same, and where the peer has gone, waits for the next. */
    public static void await(OpenDescriptor descriptor) throws IOException {
        if (descriptor.isReadable()) {
            awaitWriter(descriptor.readSide(), true);
        } else {
            awaitReader(descriptor.writeSide());
        }
    }

    /** A FIFO's writer is open as soon as it has a reader. That another one comes is no event, so it is looked for. */
    private static void awaitReader(Side side) throws IOException {
        side.begin();
        try (Pace pace = new Pace()) {
            connect(side);
            for (;;) {
                side.prepare();
                if (hasReader(side)) {
                    return;
                }
                Waiting.pause(side, null, pace.next());
            }
        } finally {
            side.end();
        }
    }

    /** Whether a FIFO's open writer has a reader at this moment. */
    public static boolean hasReader(Side side) {
        return Hangups.now(side.state(), side.owner()) != Hangups.State.READER_GONE;
    }

    /**
     * For a reader nothing but data makes an event, so a writer that has only opened is looked for from time to time.
     */
    private static void awaitWriter(Side side, boolean next) throws IOException {
        side.begin();
        @Nullable Object event = Recorder.waitBegins();
        try (Pace pace = new Pace()) {
            boolean first = true;
            for (;;) {
                side.prepare();
                if (hasWriterOrData(side)) {
                    return;
                }
                int meaning = Reading.meaning(side, 0, "read");
                if (meaning == Reading.WAIT) {
                    Waiting.await(side, side.events(), pace.next());
                } else if (meaning == Reading.END && next && first) {
                    forgetWriters(side);
                } else {
                    return;
                }
                first = false;
            }
        } finally {
            Recorder.waitEnds(event, side);
            side.end();
        }
    }

    /** A read to nowhere tells, and takes nothing. */
    static boolean hasWriterOrData(Side side) {
        return TransferCalls.probe(side.state(), side.owner().number()) != 0;
    }

    /**
     * Makes a FIFO's reader as one that never had a writer. Once the last one has left it hangs up for good, and to
     * poll(2) is always ready; opened anew it shows nothing until data comes (fifo_open in the kernel's fs/pipe.c
     * remembers how many writers there have been). That is done by way of the old one: it stays the same FIFO, whatever
     * lies at its path by now, keeps what is buffered, and is never without a reader.
     *
     * @param side its read side, which the caller holds
     * @throws java.nio.file.FileSystemException EACCES if it may no longer be read, EMFILE and the like
     */
    public static void forgetWriters(Side side) throws IOException {
        OpenDescriptor descriptor = side.owner();
        int fresh = FileCalls.reopen(side.state(), descriptor.number(), Constants.O_RDONLY | Constants.O_NONBLOCK);
        if (fresh < 0) {
            throw Failures.of("open", descriptor.name(), -fresh);
        }
        try {
            descriptor.replace(side.state(), fresh);
        } finally {
            FileCalls.close(side.state(), fresh);
        }
    }
}
