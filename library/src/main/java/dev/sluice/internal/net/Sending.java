// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.Message;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Lent;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import dev.sluice.internal.poll.Writing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends by sendmsg(2): messages whole, and descriptors.
 *
 * <pre>
 *   sendmsg answers   it means                                                 then
 *   n                 sent; of a stream perhaps a part, with all descriptors   the rest of a stream is written
 *   EAGAIN            no room here                                             wait until writable
 *   EAGAIN, and poll  the queue of the one that it is sent to is full, and no  pause, 1 to 20 ms; again
 *   says writable     event tells of room there unless it is connected to
 *   anything else     failed, nothing sent                                     thrown
 * </pre>
 */
public final class Sending {
    private Sending() {}

    /** Sends all the bytes of a stream; the descriptors go with the first. */
    public static void sendStream(OpenDescriptor socket, MemorySegment bytes, List<OpenDescriptor> passed)
            throws IOException {
        if (!passed.isEmpty() && bytes.byteSize() == 0) {
            throw new IllegalArgumentException("descriptors go with a byte at least");
        }
        Passing.check(socket, passed);
        Side side = socket.writeSide();
        side.begin();
        try {
            long sent = passed.isEmpty() ? 0 : send(side, bytes, Buffers.SIZE, passed, null);
            try {
                Writing.writeAll(side, bytes.asSlice(sent));
            } catch (InterruptedIOException cut) {
                cut.bytesTransferred += (int) sent;
                throw cut;
            }
        } finally {
            side.end();
        }
    }

    /**
     * Sends one message.
     *
     * @param to whom, or null for the one that it is connected to
     */
    public static void sendMessage(
            OpenDescriptor socket, MemorySegment bytes, List<OpenDescriptor> passed, @Nullable SocketAddress to)
            throws IOException {
        Passing.check(socket, passed);
        Side side = socket.writeSide();
        side.begin();
        try {
            send(side, bytes, Long.MAX_VALUE, passed, to);
        } finally {
            side.end();
        }
    }

    private static long send(
            Side side, MemorySegment bytes, long most, List<OpenDescriptor> passed, @Nullable SocketAddress to)
            throws IOException {
        long length = Math.min(bytes.byteSize(), most);
        // The address of the user's own memory could become void while it is in use.
        @Nullable MemorySegment pooled = length <= Buffers.SIZE ? Buffers.acquire() : null;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = pooled != null ? pooled : arena.allocate(length);
            MemorySegment.copy(bytes, 0, copy, 0, length);
            Message message = new Message(arena, passed.size());
            message.bytes(copy.address(), length);
            if (to != null) {
                message.to(SocketAddresses.encode(arena, to, SocketAddresses.domain(to)));
            }
            return send(side, message, passed, to);
        } finally {
            if (pooled != null) {
                Buffers.release(pooled);
            }
        }
    }

    private static long send(Side side, Message message, List<OpenDescriptor> passed, @Nullable SocketAddress to)
            throws IOException {
        @Nullable Pace pace = null;
        try {
            for (;;) {
                side.prepare();
                long result;
                try (Lent lent = Lent.of(passed)) {
                    result = message.send(side.state(), side.owner().number(), lent.numbers());
                }
                if (result >= 0) {
                    return result;
                }
                if (result != -Errno.EAGAIN) {
                    String whom = to == null ? "" : "to " + SocketAddresses.describe(to);
                    throw Failures.of("sendmsg", side.owner().name(), (int) -result, whom);
                }
                if (to != null && isWritable(side)) {
                    pace = pace == null ? new Pace() : pace;
                    Waiting.pause(side, null, pace.next());
                } else {
                    side.await();
                }
            }
        } finally {
            if (pace != null) {
                pace.close();
            }
        }
    }

    private static boolean isWritable(Side side) {
        int bits = PollCalls.pollNow(side.state(), side.owner().number(), Constants.EPOLLOUT);
        return (bits & Constants.EPOLLOUT) != 0;
    }
}
