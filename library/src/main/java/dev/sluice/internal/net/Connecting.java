// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.SocketAddresses;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.linux.SocketFailures;
import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import dev.sluice.internal.poll.Pace;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Waiting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one address: connect(2) on a socket that does not block, and a wait for its outcome.
 *
 * <pre>
 *   connect answers      it means                                             then
 *   0, EISCONN           connected                                            done
 *   EINPROGRESS,         under way: writable when decided, SO_ERROR says how  wait, look at SO_ERROR
 *   EALREADY
 *   EAGAIN               a Unix-domain listener's queue is full, and no       pause, connect again
 *                        event will tell of room in it
 *   anything else        failed                                               thrown
 * </pre>
 */
public final class Connecting {
    private Connecting() {}

    /**
     * Connects, until {@code until} at the latest.
     *
     * @param type SOCK_STREAM or SOCK_SEQPACKET or SOCK_DGRAM
     * @param from the local address, or null for whichever the kernel chooses
     * @throws SocketTimeoutException if it takes longer
     * @throws InterruptedIOException if the thread is interrupted; it stays interrupted
     */
    public static OpenDescriptor connect(
            SocketAddress to, int type, @Nullable SocketAddress from, Map<SocketOption<?>, Object> options, long until)
            throws IOException {
        String name = SocketAddresses.describe(to);
        OpenDescriptor socket = open(to, type, from, options, name);
        try {
            connect(socket, to, until);
            return socket;
        } catch (SocketTimeoutException late) {
            socket.close();
            throw new SocketTimeoutException("connect " + name + ": the deadline has passed");
        } catch (InterruptedIOException interrupted) {
            socket.close();
            throw new InterruptedIOException("connect " + name + ": interrupted");
        } catch (Throwable failure) {
            socket.close();
            throw failure;
        }
    }

    private static OpenDescriptor open(
            SocketAddress to, int type, @Nullable SocketAddress from, Map<SocketOption<?>, Object> options, String name)
            throws IOException {
        int domain = SocketAddresses.domain(to);
        CallState state = CallState.acquire();
        try {
            int fd = Sockets.open(state, domain, type, name, options);
            Kind kind = type == Constants.SOCK_STREAM ? Kind.STREAM_SOCKET : Kind.MESSAGE_SOCKET;
            OpenDescriptor socket = Opening.socket(fd, name, kind);
            if (from != null) {
                try (Arena arena = Arena.ofConfined()) {
                    int result = SocketCalls.bind(state, fd, SocketAddresses.encode(arena, from, domain));
                    if (result < 0) {
                        throw SocketFailures.bind("bind", SocketAddresses.describe(from), -result);
                    }
                } catch (Throwable failure) {
                    socket.close();
                    throw failure;
                }
            }
            return socket;
        } finally {
            state.release();
        }
    }

    private static void connect(OpenDescriptor socket, SocketAddress to, long until) throws IOException {
        Side side = socket.writeSide();
        side.begin();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SocketAddresses.encode(arena, to, SocketAddresses.domain(to));
            int result = attempt(side, address);
            for (;;) {
                switch (-result) {
                    case 0, Errno.EISCONN -> {
                        return;
                    }
                    case Errno.EINPROGRESS, Errno.EALREADY -> {
                        awaitOutcome(socket, side, until);
                        result = attempt(side, address);
                    }
                    case Errno.EAGAIN -> result = awaitRoom(side, address, until);
                    default -> throw SocketFailures.connect(socket.name(), -result);
                }
            }
        } finally {
            side.end();
        }
    }

    /** Waits for one. If it is good, the next connect answers EISCONN: so a wake-up in vain is told apart. */
    private static void awaitOutcome(OpenDescriptor socket, Side side, long until) throws IOException {
        requireTime(until);
        Waiting.await(side, side.events(), until);
        int error = SocketCalls.intOption(
                side.state(), socket.number(), Constants.SOL_SOCKET, Constants.SO_ERROR);
        if (error > 0) {
            throw SocketFailures.connect(socket.name(), error);
        }
    }

    /**
     * Connects again from time to time, until the listener's queue has room: answers what connect then answered. It
     * must not be asked once more, since it looks at the queue before it looks whether the socket is connected.
     */
    private static int awaitRoom(Side side, MemorySegment address, long until) throws IOException {
        try (Pace pace = new Pace()) {
            int result;
            do {
                requireTime(until);
                Waiting.pause(side, null, Deadline.earlier(pace.next(), until));
                result = attempt(side, address);
            } while (result == -Errno.EAGAIN);
            return result;
        }
    }

    private static int attempt(Side side, MemorySegment address) throws IOException {
        side.prepare();
        return SocketCalls.connect(side.state(), side.owner().number(), address);
    }

    private static void requireTime(long until) throws SocketTimeoutException {
        if (Deadline.passed(until)) {
            throw new SocketTimeoutException();
        }
    }
}
