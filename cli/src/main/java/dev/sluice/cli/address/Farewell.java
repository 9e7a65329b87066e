// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.Connection;
import dev.sluice.cli.Libc;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection that was copied to, so that the peer gets all of it.
 *
 * <p>To close a TCP socket in which there is something unread, or to which something comes afterwards, is to reset it,
 * and what has not been sent yet is lost (RFC 1122, 4.2.2.13; {@code tcp_close} in the kernel). Peers greet and answer.
 * So the connection is half-closed, what comes is read and dropped, and it is closed when the peer has acknowledged
 * all: then it is in the peer's own hands. A peer may have said its last word long before.
 */
final class Farewell {
    private static final long SIOCOUTQ = 0x5411;
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final int BUFFER = 16 << 10;

    private final Connection connection;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    private Farewell(Connection connection) {
        this.connection = connection;
    }

    /**
     * Ends it and closes it.
     *
     * @return gone if the peer has not taken all
     * @throws InterruptedException if the thread is interrupted while it waits; the connection stays open then
     */
    static Verdict say(Connection connection, Leave leave) throws IOException, InterruptedException {
        if (leave.failed()) {
            connection.abort(); // so that nobody takes what he has for the whole
            return Verdict.DONE;
        }
        Verdict verdict;
        try {
            connection.shutdownWrite();
            verdict = new Farewell(connection).await(leave);
        } catch (InterruptedIOException interrupted) {
            Thread.interrupted(); // which the exception tells from now on
            throw (InterruptedException) new InterruptedException().initCause(interrupted);
        } catch (IOException reset) {
            verdict = Verdict.GONE;
        }
        connection.close();
        return verdict;
    }

    private Verdict await(Leave leave) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long moved = start;
        long unacknowledged = Long.MAX_VALUE;
        for (;;) {
            boolean ended = readsTheEnd();
            if (!(connection.localAddress() instanceof InetSocketAddress)) {
                return Verdict.DONE; // the peer has it already: unix(7) keeps nothing on our side
            }
            boolean over = ended && isDisconnected(); // looked at first: the last acknowledgement may come now
            long now = System.nanoTime();
            long rest = unacknowledged();
            if (rest == 0) {
                return Verdict.DONE;
            }
            if (over) {
                return Verdict.GONE;
            }
            if (rest < unacknowledged) {
                unacknowledged = rest;
                moved = now;
            }
            if (isOver(leave.patience(), now - start) || isOver(leave.idleTimeout(), now - moved)) {
                return Verdict.LATE;
            }
            if (ended) {
                Thread.sleep(GLANCE); // an acknowledgement is no event
            }
        }
    }

    private static boolean isOver(@Nullable Duration limit, long nanos) {
        return limit != null && nanos >= limit.toNanos();
    }

    /** Whether nothing will come any more, by a reset for one, of which the end of reading does not tell. */
    private boolean isDisconnected() throws IOException {
        try {
            SocketAddress ignored = connection.peerAddress();
            return false;
        } catch (FileSystemException notConnected) {
            return true;
        }
    }

    /** Drops what the peer says, for a moment; tells whether it has come to its end. */
    private boolean readsTheEnd() throws IOException {
        connection.setReadDeadline(GLANCE);
        try {
            while (connection.read(buffer.clear()) >= 0) {
                // to be dropped
            }
            return true;
        } catch (SocketTimeoutException quiet) {
            return false;
        }
    }

    /** Bytes that were written and that the peer's kernel has not got, its end counted as one: see tcp(7). */
    private long unacknowledged() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            long[] answer = new long[1];
            connection.control(fd -> answer[0] = Ioctl.FUNCTION.call(fd, SIOCOUTQ, count.address()));
            return answer[0] < 0 ? 0 : count.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Linked only where it is needed. */
    private static final class Ioctl {
        static final Libc FUNCTION = new Libc("ioctl", 2, 3, ValueLayout.JAVA_INT);

        private Ioctl() {}
    }
}
