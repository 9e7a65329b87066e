// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.Hangups;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;

/**
 * A watch for hang-ups that is under way: see {@link Descriptor#onHangup}.
 *
 * <p>It is one parked virtual thread. Nothing is called any more once {@link #close} has been called, but a call under
 * way goes on.
 */
public final class HangupWatch implements AutoCloseable {
    private final OpenDescriptor descriptor;
    private final Consumer<Hangup> listener;
    private final Thread thread;
    private boolean closed;

    /** Whether the listener is at work: it must not be interrupted. */
    private boolean calling;

    private HangupWatch(OpenDescriptor descriptor, Consumer<Hangup> listener) {
        this.descriptor = descriptor;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("sluice-hangup").start(this::run);
    }

    static HangupWatch start(OpenDescriptor descriptor, Consumer<Hangup> listener) {
        try {
            Hangups.requirePossible(descriptor);
        } catch (IOException closed) {
            return new HangupWatch(descriptor, listener); // which ends at once
        }
        return new HangupWatch(descriptor, listener);
    }

    static Hangup awaitFirst(OpenDescriptor descriptor) throws IOException {
        return Hangup.of(Hangups.await(descriptor, Hangups.State.NONE));
    }

    private void run() {
        Hangups.State known = Hangups.State.NONE;
        do {
            try {
                known = Hangups.await(descriptor, known);
            } catch (ClosedChannelException | InterruptedIOException over) {
                return;
            } catch (IOException failure) {
                System.getLogger(HangupWatch.class.getName())
                        .log(Level.WARNING, descriptor.name() + " is watched no more", failure);
                return;
            }
            if (!begin()) {
                return;
            }
            listener.accept(Hangup.of(known));
        } while (end());
    }

    private synchronized boolean begin() {
        calling = !closed;
        return calling;
    }

    private synchronized boolean end() {
        calling = false;
        return !closed;
    }

    /** Ends the watch. Waits for nothing. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (!calling) {
                thread.interrupt();
            }
        }
    }
}
