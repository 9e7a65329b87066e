// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.PollCalls;
import java.io.IOException;

/**
 * Whether the other end has gone, and in which way: asked of the kernel at each event, since on a FIFO it is a state
 * that can pass.
 */
public final class Hangups {
    /** The events that the kernel reports unasked: see poll(2). */
    public static final int EVENTS = Constants.EPOLLERR | Constants.EPOLLHUP;

    /** From less to more. */
    public enum State {
        NONE,
        /** The peer will send no more, and may still read. */
        HALF_CLOSED,
        /** The writers of a pipe, or the peer of a socket or terminal, are gone. What is buffered can still be read. */
        CLOSED,
        /** The readers of a pipe are gone: a write fails with EPIPE. */
        READER_GONE,
        /** The connection was reset. */
        RESET
    }

    private Hangups() {}

    /** How it stands at this moment. Only between begin and end of one of its sides, whose state is given. */
    public static State now(CallState callState, OpenDescriptor descriptor) {
        int bits = PollCalls.pollNow(callState, descriptor.number(), Constants.EPOLLRDHUP);
        if ((bits & Constants.EPOLLERR) != 0) {
            return switch (descriptor.kind()) {
                case PIPE -> State.READER_GONE;
                case STREAM_SOCKET, MESSAGE_SOCKET, LISTENER, MESSAGE_LISTENER -> State.RESET;
                default -> State.CLOSED; // the slave of a pseudo-terminal whose master is gone
            };
        }
        if ((bits & Constants.EPOLLHUP) != 0) {
            return State.CLOSED;
        }
        return (bits & Constants.EPOLLRDHUP) != 0 ? State.HALF_CLOSED : State.NONE;
    }

    /** Whether the other end is gone at this moment, closed or reset, and has not only said its last word. */
    public static boolean isGone(OpenDescriptor descriptor) throws IOException {
        return Control.runNow(descriptor, (watch, fd) -> isGone(watch));
    }

    /** The same, for the holder of one of its sides. */
    public static boolean isGone(Side side) {
        return now(side.state(), side.owner()).compareTo(State.CLOSED) >= 0;
    }

    /**
     * Waits until it stands otherwise than {@code known}, and answers how.
     *
     * <p>Every going is an event. The return of a FIFO's reader is none, so that is looked for on a timer, see
     * {@link Pace}, and only while a watcher is there and the peer is gone.
     */
    public static State await(OpenDescriptor descriptor, State known) throws IOException {
        return Control.runNow(descriptor, (watch, fd) -> {
            PendingWriter.awaitBeside(watch);
            return await(watch, known);
        });
    }

    private static State await(Side watch, State known) throws IOException {
        OpenDescriptor descriptor = watch.owner();
        requirePossible(watch);
        for (;;) {
            watch.prepare();
            State now = now(watch.state(), descriptor);
            if (isNews(watch, known, now)) {
                return now;
            }
            // What is known already must not end the wait: to poll(2) it is a level.
            switch (known) {
                case NONE -> watch.await();
                case HALF_CLOSED -> Waiting.await(watch, 0, Deadline.NONE);
                default -> {
                    if (descriptor.mayHavePeerAgain()) {
                        return awaitReturn(watch, known);
                    }
                    Waiting.pause(watch, null, Deadline.NONE);
                }
            }
        }
    }

    /**
     * What nobody can open again can only get worse: a socket that was reset shows no more than HUP once a read or
     * SO_ERROR has taken its error (sk_err). And a FIFO's reader that {@link Peers#forgetWriters} shows nothing, though
     * nobody has come.
     */
    private static boolean isNews(Side watch, State known, State now) {
        OpenDescriptor descriptor = watch.owner();
        if (!descriptor.mayHavePeerAgain()) {
            return now.compareTo(known) > 0;
        }
        boolean forgot = now == State.NONE
                && descriptor.kind() == Kind.PIPE
                && descriptor.isReadable()
                && !Peers.hasWriterOrData(watch);
        return now != known && !forgot;
    }

    /**
     * Fails for what cannot hang up.
     *
     * @throws UnsupportedOperationException if readiness is nothing that the descriptor has
     */
    public static void requirePossible(OpenDescriptor descriptor) throws IOException {
        Control.runNow(descriptor, (watch, fd) -> {
            requirePossible(watch);
            return fd;
        });
    }

    private static void requirePossible(Side watch) {
        OpenDescriptor descriptor = watch.owner();
        if (!descriptor.isPollable(watch.state())) {
            throw new UnsupportedOperationException(descriptor.name() + " cannot hang up");
        }
    }

    private static State awaitReturn(Side watch, State known) throws IOException {
        try (Pace pace = new Pace()) {
            for (;;) {
                Waiting.pause(watch, null, pace.next());
                watch.prepare();
                State now = now(watch.state(), watch.owner());
                if (isNews(watch, known, now)) {
                    return now;
                }
            }
        }
    }
}
