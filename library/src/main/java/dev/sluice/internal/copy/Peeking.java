// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.PollCalls;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Reading;
import dev.sluice.internal.poll.Side;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Reading without taking: from a pipe by a {@link Glimpse}, from a stream socket by MSG_PEEK.
 *
 * <p>What came while a rest waits is asked for in this order: whether the end has come, and then what is there. So a
 * last word before the end is seen.
 */
public final class Peeking {
    /** The source is a pipe that is full, and has no more than was asked to be exceeded. */
    public static final int FULL = -4;

    /** Some is there, and too little: wait for more. */
    private static final int REST = -5;

    private static final int MOST_AT_ONCE = 1 << 20;

    /**
     * Who finds so much comes back for more before he waits, and each write meanwhile would wake the poller for nobody.
     * The next wait costs a system call more.
     */
    private static final int MUCH = 32 * 1024;

    private Peeking() {}

    /**
     * Waits until there are more than {@code beyond} bytes, or there will never be: answers how many there are, or
     * {@link Reading#END} if none, or {@link #FULL}.
     *
     * @param into for more than {@code beyond} bytes
     */
    public static int peek(OpenDescriptor descriptor, MemorySegment into, int beyond) throws IOException {
        Side side = descriptor.readSide();
        if (descriptor.kind() != Kind.PIPE && descriptor.kind() != Kind.STREAM_SOCKET) {
            throw new UnsupportedOperationException(
                    descriptor.name() + " is neither a pipe nor a stream socket: what it has cannot be peeked at");
        }
        side.begin();
        try (RestWait rest = new RestWait(side)) {
            for (;;) {
                side.prepare();
                int answer = descriptor.kind() == Kind.PIPE ? pipe(side, into, beyond) : socket(side, into, beyond);
                switch (answer) {
                    case Reading.AGAIN -> {}
                    case Reading.WAIT -> side.await();
                    case REST -> rest.await();
                    default -> {
                        if (answer >= MUCH) {
                            side.ignoreArrivals();
                        }
                        return answer;
                    }
                }
            }
        } finally {
            side.end();
        }
    }

    private static int pipe(Side side, MemorySegment into, int beyond) throws IOException {
        long there = available(side, into.byteSize());
        if (there > beyond) {
            long count = Glimpse.quick(side, into.asSlice(0, there));
            if (count > beyond) {
                return (int) count;
            }
        }
        if (there == 0) {
            return meaningOfNothing(side);
        }
        boolean isLast = isLast(side);
        long most = side.owner().readable(side.state(), into.byteSize());
        Glimpse all = Glimpse.exact(side, into.asSlice(0, most));
        if (all.count() > beyond) {
            return (int) all.count();
        }
        if (!all.whole()) {
            throw Failures.of("peek", side.owner().name(), Errno.EPERM, "no pipe as large to look by");
        }
        if (all.count() == 0) {
            return meaningOfNothing(side);
        }
        if (isLast) {
            return (int) all.count();
        }
        return all.full() ? FULL : REST;
    }

    private static int meaningOfNothing(Side side) throws IOException {
        return side.owner().isCutOff() ? Reading.END : Reading.meaning(side, 0, "peek");
    }

    /** FIONREAD, as far as it may still be read. */
    private static long available(Side side, long most) throws IOException {
        OpenDescriptor owner = side.owner();
        int there = FileCalls.buffered(side.state(), owner.number());
        if (there < 0) {
            throw Failures.of("FIONREAD", owner.name(), -there);
        }
        return Math.min(there, owner.readable(side.state(), most));
    }

    /** Whether no more will come than is there already. */
    private static boolean isLast(Side side) {
        OpenDescriptor owner = side.owner();
        int bits = PollCalls.pollNow(side.state(), owner.number(), Constants.EPOLLRDHUP);
        return (bits & (Hangups.EVENTS | Constants.EPOLLRDHUP)) != 0 || owner.peer().isEnded() || owner.isCutOff();
    }

    private static int socket(Side side, MemorySegment into, int beyond) throws IOException {
        long most = Math.min(into.byteSize(), Math.max(MOST_AT_ONCE, beyond + 1L));
        MemorySegment room = into.asSlice(0, most);
        long count = TransferCalls.peek(side.state(), side.owner().number(), room);
        if (count <= 0) {
            return Reading.meaning(side, count, "peek");
        }
        if (count > beyond) {
            return (int) count;
        }
        if (!isLast(side)) {
            return REST;
        }
        count = TransferCalls.peek(side.state(), side.owner().number(), room);
        return count > 0 ? (int) count : Reading.AGAIN;
    }
}
