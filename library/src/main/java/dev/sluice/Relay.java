// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.poll.Hangups;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Joins two connections, both ways, until both have said their last word: what a proxy does.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="relay" :
 * try (Connection client = listener.accept();
 *         Connection server = Connection.connect(target)) {
 *     Relay.between(client, server).run(); // until both have said their last word
 * }
 * }
 *
 * <p>Each direction is a {@link Copy}, and the two go side by side. What happens to one connection is passed on to the
 * other:
 *
 * <ul>
 *   <li>An end, be it a half-close or a close, is passed on as a half-close once all before it has been delivered. The
 *       other direction goes on until its own end.
 *   <li>A reset, or any other failure, is passed on as a reset ({@link Connection#abort}), so that nobody takes what he
 *       has for complete. Both connections are closed then, and {@link #run} throws.
 *   <li>Where nobody reads what one sends, reading it stops. What the other still says is delivered.
 * </ul>
 *
 * <p>Nothing is read ahead of what the other side takes, but for a pipe's capacity (a megabyte at most), so a slow
 * reader holds the sender back. An idle relay holds no pipe and no buffer.
 */
public final class Relay {
    private final Connection one;
    private final Connection other;
    private final Copy forth;
    private final Copy back;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private Relay(Connection one, Connection other) {
        this.one = one;
        this.other = other;
        this.forth = Copy.from(one).to(other);
        this.back = Copy.from(other).to(one);
    }

    /**
     * Names the connections.
     *
     * @param one is read, written and half-closed by the relay
     * @param other likewise
     * @return the relay, for settings and then {@link #run}
     */
    public static Relay between(Connection one, Connection other) {
        return new Relay(one, other);
    }

    /**
     * Ends the relay when no byte has moved in either direction for so long, with {@link CopyResult.End#IDLE_TIMEOUT}
     * in both.
     *
     * @param timeout counted from the last byte that moved, or from the start
     * @return this relay
     * @throws IllegalArgumentException if it is not positive
     */
    public Relay idleTimeout(Duration timeout) {
        forth.idleTimeout(timeout);
        back.shareIdleTimeout(forth);
        return this;
    }

    /**
     * Relays until both directions have ended. Blocks the calling thread, and no carrier thread; the second direction
     * has a virtual thread of its own. To be called once.
     *
     * <p>Interrupt (the thread stays interrupted), the close of one of the connections, the idle timeout and a deadline
     * of the connections themselves end a direction with a result, as they end a {@link Copy}; all but a deadline end
     * both. Neither connection is closed then, nor half-closed: what that means to the peers is for the caller
     * to say, by {@link Connection#close} or {@link Connection#abort}.
     *
     * @return what went each way, and why that ended
     * @throws java.nio.channels.ClosedChannelException if one of the connections was closed before
     * @throws java.nio.file.FileSystemException ECONNRESET, ETIMEDOUT and the like
     * @throws IOException what failed first; both connections are closed then. {@link #transferredForth} and {@link
     *     #transferredBack} tell how much was delivered before
     */
    public RelayResult run() throws IOException {
        CountDownLatch forthOver = new CountDownLatch(1);
        CountDownLatch backOver = new CountDownLatch(1);
        FutureTask<CopyResult> backward = new FutureTask<>(() -> move(back, other, one, backOver, forthOver));
        Thread thread = Thread.ofVirtual().name("sluice-relay").start(backward);
        @Nullable CopyResult forward = null;
        try {
            forward = move(forth, one, other, forthOver, backOver);
        } catch (IOException noted) {
            // it is the failure, or follows from that of the other direction
        } finally {
            if (forward == null || forward.end() == CopyResult.End.INTERRUPTED) {
                thread.interrupt();
            }
        }
        @Nullable CopyResult backwards = await(backward, thread);
        @Nullable IOException first = failure.get();
        if (first != null) {
            throw first;
        }
        return new RelayResult(Objects.requireNonNull(forward), Objects.requireNonNull(backwards));
    }

    private CopyResult move(
            Copy copy, Connection from, Connection to, CountDownLatch thisOver, CountDownLatch otherOver)
            throws IOException {
        try {
            CopyResult result = run(copy, thisOver);
            if (result.end() == CopyResult.End.END_OF_SOURCE) {
                if (wasReset(from, otherOver)) {
                    throw Failures.of("read", from.internal().name(), Errno.ECONNRESET);
                }
                passOnEnd(to);
            }
            return result;
        } catch (Throwable failed) {
            if (failed instanceof IOException io) {
                failure.compareAndSet(null, io);
            }
            passOnFailure(from);
            passOnFailure(to);
            throw failed;
        }
    }

    private static CopyResult run(Copy copy, CountDownLatch over) throws IOException {
        try {
            return copy.run();
        } finally {
            over.countDown();
        }
    }

    /**
     * Whether what looks like an end is a reset of which the kernel has told the other direction. That one ends at once
     * when the connection that it writes to has hung up, and then knows.
     */
    private static boolean wasReset(Connection from, CountDownLatch otherOver) throws IOException {
        try {
            if (Hangups.isGone(from.internal())) {
                otherOver.await();
            }
        } catch (ClosedChannelException closedHere) {
            // what was read before is an end
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
        return from.internal().peer().wasReset();
    }

    private static void passOnEnd(Connection to) throws IOException {
        try {
            to.shutdownWrite();
        } catch (ClosedChannelException | FileSystemException gone) {
            // the other direction finds out, and says how
        }
    }

    private static void passOnFailure(Connection connection) {
        try {
            connection.abort();
        } catch (IOException another) {
            // it is closed nonetheless
        }
    }

    /**
     * Waits for the other direction, which ends at once when this one has failed. An interrupt ends it, and its end is
     * waited for nonetheless.
     *
     * @return null if it has failed
     */
    private static @Nullable CopyResult await(FutureTask<CopyResult> task, Thread thread) {
        boolean interrupted = false;
        try {
            for (;;) {
                try {
                    return task.get();
                } catch (InterruptedException again) {
                    interrupted = true;
                    thread.interrupt();
                } catch (ExecutionException failed) {
                    if (failed.getCause() instanceof IOException) {
                        return null;
                    }
                    throw new IllegalStateException(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return the bytes delivered to the other connection so far} For any thread. */
    public long transferredForth() {
        return forth.transferred();
    }

    /** {@return the bytes delivered to the one connection so far} For any thread. */
    public long transferredBack() {
        return back.transferred();
    }
}
