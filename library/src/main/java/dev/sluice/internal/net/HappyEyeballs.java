// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.poll.Deadline;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever of a host's addresses answers first: RFC 8305. The families take turns, beginning with the one
 * that the system prefers; each attempt has {@value #HEAD_START_MILLIS} ms before the next one is begun beside it, and
 * a failure begins the next at once. When one has connected the others are given up and closed.
 */
public final class HappyEyeballs {
    private static final long HEAD_START_MILLIS = 250;

    private final Attempt attempt;
    private final Queue<InetSocketAddress> waiting;
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Guarded by {@link #outcomes}: nobody waits for an outcome any more. */
    private boolean over;

    private HappyEyeballs(List<InetSocketAddress> addresses, Attempt attempt) {
        this.attempt = attempt;
        this.waiting = new ArrayDeque<>(addresses);
    }

    /** Connects to one address; ends when its thread is interrupted. */
    @FunctionalInterface
    public interface Attempt {
        OpenDescriptor connect(InetSocketAddress address) throws IOException;
    }

    private record Outcome(@Nullable OpenDescriptor socket, @Nullable Throwable failure) {}

    /**
     * Looks a host up and connects to it, until {@code until} at the latest.
     *
     * @throws IOException if no address can be connected to: the failure of the first, with the others suppressed
     */
    public static OpenDescriptor connect(String host, int port, long until, Attempt attempt) throws IOException {
        return connect(host, inTurn(Resolver.resolve(host, until), port), until, attempt);
    }

    /** The same for one whose addresses are known. */
    static OpenDescriptor connect(String host, List<InetSocketAddress> addresses, long until, Attempt attempt)
            throws IOException {
        if (addresses.size() == 1) {
            return attempt.connect(addresses.getFirst());
        }
        return new HappyEyeballs(addresses, attempt).race(host, until);
    }

    /** In the order in which they are tried. */
    static List<InetSocketAddress> inTurn(List<InetAddress> addresses, int port) {
        boolean firstIsInet6 = addresses.getFirst() instanceof Inet6Address;
        Queue<InetAddress> preferred = new ArrayDeque<>();
        Queue<InetAddress> others = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address == firstIsInet6 ? preferred : others).add(address);
        }
        List<InetSocketAddress> turns = new ArrayList<>();
        while (!preferred.isEmpty() || !others.isEmpty()) {
            for (Queue<InetAddress> family : List.of(preferred, others)) {
                @Nullable InetAddress next = family.poll();
                if (next != null) {
                    turns.add(new InetSocketAddress(next, port));
                }
            }
        }
        return turns;
    }

    private OpenDescriptor race(String host, long until) throws IOException {
        @Nullable Throwable first = null;
        int running = 0;
        long nextStart = Deadline.after(0);
        try {
            for (;;) {
                if (!waiting.isEmpty() && (running == 0 || Deadline.passed(nextStart))) {
                    start(waiting.remove());
                    running++;
                    nextStart = Deadline.after(TimeUnit.MILLISECONDS.toNanos(HEAD_START_MILLIS));
                }
                long moment = waiting.isEmpty() ? until : Deadline.earlier(until, nextStart);
                @Nullable Outcome outcome = await(moment);
                if (outcome == null) {
                    if (Deadline.passed(until)) {
                        throw new SocketTimeoutException("connect tcp " + host + ": the deadline has passed");
                    }
                    continue;
                }
                running--;
                if (outcome.socket() != null) {
                    return outcome.socket();
                }
                Throwable failure = Objects.requireNonNull(outcome.failure());
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
                if (running == 0 && waiting.isEmpty()) {
                    throw rethrown(first);
                }
                nextStart = Deadline.after(0);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("connect tcp " + host + ": interrupted");
        } finally {
            end();
        }
    }

    private @Nullable Outcome await(long moment) throws InterruptedException {
        return moment == Deadline.NONE
                ? outcomes.take()
                : outcomes.poll(Deadline.remaining(moment), TimeUnit.NANOSECONDS);
    }

    /** A platform thread must not come to depend on a free carrier thread. */
    private void start(InetSocketAddress address) {
        Thread.Builder builder =
                Thread.currentThread().isVirtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon(true);
        threads.add(builder.name("sluice-connect").inheritInheritableThreadLocals(false).start(() -> run(address)));
    }

    private void run(InetSocketAddress address) {
        Outcome outcome;
        try {
            outcome = new Outcome(attempt.connect(address), null);
        } catch (Throwable failure) {
            outcome = new Outcome(null, failure);
        }
        synchronized (outcomes) {
            if (!over) {
                outcomes.add(outcome);
                return;
            }
        }
        discard(outcome);
    }

    private void end() {
        synchronized (outcomes) {
            over = true;
        }
        threads.forEach(Thread::interrupt);
        outcomes.forEach(HappyEyeballs::discard);
    }

    private static void discard(Outcome outcome) {
        @Nullable OpenDescriptor socket = outcome.socket();
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException nobodyAsks) {
                // the number is closed nonetheless
            }
        }
    }

    private static IOException rethrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return (IOException) failure;
    }
}
