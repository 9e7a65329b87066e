// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.Message;
import dev.sluice.internal.poll.Buffers;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives by recvmsg(2): messages, who sent them and how long they were, and descriptors. */
public final class Receiving {
    private Receiving() {}

    /**
     * What was received.
     *
     * @param bytes how many are in the buffer; -1 at the end
     * @param length how many there were
     * @param descriptors that came with them, owned by nobody else
     * @param descriptorsLost whether the kernel dropped some
     * @param sender null if unknown
     */
    public record Arrival(
            int bytes,
            int length,
            List<OpenDescriptor> descriptors,
            boolean descriptorsLost,
            @Nullable SocketAddress sender) {}

    /**
     * Waits for bytes, or for a message, and takes them.
     *
     * @param most how many descriptors to take
     */
    public static Arrival receive(OpenDescriptor socket, MemorySegment buffer, int most) throws IOException {
        if (most < 0 || most > Message.MOST_RIGHTS) {
            throw new IllegalArgumentException(
                    most + " descriptors: one message has none to " + Message.MOST_RIGHTS);
        }
        boolean isMessage = socket.kind() == Kind.MESSAGE_SOCKET;
        // A stream fills whatever there is little by little; a message is there but once.
        long room = isMessage ? buffer.byteSize() : Math.min(buffer.byteSize(), Buffers.SIZE);
        Side side = socket.readSide();
        side.begin();
        @Nullable MemorySegment pooled = room <= Buffers.SIZE ? Buffers.acquire() : null;
        try (Arena arena = Arena.ofConfined()) {
            if (room == 0 && !isMessage) {
                side.prepare();
                return new Arrival(0, 0, List.of(), false, null);
            }
            MemorySegment copy = pooled != null ? pooled : arena.allocate(room);
            Message message = new Message(arena, most);
            message.bytes(copy.address(), room);
            int length = receive(side, message, isMessage);
            List<OpenDescriptor> descriptors = Passing.adopt(side.state(), message, most, socket.name());
            try {
                boolean cut = message.isControlCut();
                int bytes = (int) Math.min(length, room);
                MemorySegment.copy(copy, 0, buffer, 0, bytes);
                boolean isEnd = length == 0 && descriptors.isEmpty() && !cut && !Reading.isMessageOfNoBytes(side);
                return new Arrival(isEnd ? -1 : bytes, length, descriptors, cut, message.sender());
            } catch (Throwable failure) {
                Passing.closeAll(descriptors, failure);
                throw failure;
            }
        } finally {
            if (pooled != null) {
                Buffers.release(pooled);
            }
            side.end();
        }
    }

    private static int receive(Side side, Message message, boolean isMessage) throws IOException {
        for (;;) {
            side.prepare();
            long result = message.receive(side.state(), side.owner().number(), isMessage);
            if (result >= 0) {
                return (int) result;
            }
            if (result != -Errno.EAGAIN) {
                throw Failures.of("recvmsg", side.owner().name(), (int) -result);
            }
            side.await();
        }
    }
}
