// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.proxy;

import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.cli.address.SocketPlace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and relays them, until its thread is interrupted.
 *
 * <p>One virtual thread for each listener accepts, so that what it starts runs on the same carrier; each connection has
 * one that connects to the target and is then one direction of the relay, whose other direction has another.
 */
final class Proxy {
    /** For what is cut to be closed. */
    private static final Duration CUTTING = Duration.ofSeconds(2);

    private final List<Listener> listeners;
    private final SocketPlace target;
    private final ProxySettings settings;
    private final Sessions sessions;
    private final Log log;

    /** Zero when one of the listeners is no longer accepted from. */
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Those that are accepted from; when it is zero there will be no new sessions. */
    private final CountDownLatch accepting;

    private volatile @Nullable IOException failure;

    Proxy(List<Listener> listeners, SocketPlace target, ProxySettings settings, PrintStream err) {
        this.listeners = listeners;
        this.accepting = new CountDownLatch(listeners.size());
        this.target = target;
        this.settings = settings;
        this.sessions = new Sessions(settings.mostConnections());
        this.log = new Log(err, sessions, settings);
    }

    /**
     * Runs until the thread is interrupted, and then as long as the grace allows. Clears the interrupt.
     *
     * @throws IOException if it cannot go on accepting
     */
    void run() throws IOException {
        try (log) {
            log.start();
            List<Thread> acceptors = new ArrayList<>();
            for (Listener listener : listeners) {
                acceptors.add(Thread.ofVirtual().name("sluice-accept").start(() -> accept(listener)));
            }
            try {
                stopped.await();
            } catch (InterruptedException signal) {
                // the end begins
            }
            stop(acceptors);
        }
        @Nullable IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void accept(Listener listener) {
        try {
            for (;;) {
                sessions.awaitRoom();
                Connection client = listener.accept();
                start(client);
                Thread.yield(); // a crowd at the door must not keep those who are in waiting
            }
        } catch (ClosedChannelException | InterruptedIOException | InterruptedException stopped) {
            // no new ones
        } catch (IOException failed) {
            failure = failed;
        } catch (RuntimeException | Error unexpected) {
            failure = new IOException("unexpected: " + unexpected, unexpected);
        } finally {
            accepting.countDown();
            stopped.countDown();
        }
    }

    private void start(Connection client) throws IOException, InterruptedException {
        try {
            sessions.start(new Session(client, target, settings, sessions, log));
        } catch (InterruptedException stop) {
            client.abort();
            throw stop;
        }
    }

    /** Ends listening, at all of them; those that are closed already stay so. */
    void closeListeners() throws IOException {
        @Nullable IOException first = null;
        for (Listener listener : listeners) {
            try {
                listener.close();
            } catch (IOException failed) {
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void stop(List<Thread> acceptors) throws IOException {
        closeListeners();
        acceptors.forEach(Thread::interrupt);
        try {
            accepting.await();
            if (!sessions.awaitNone(settings.grace())) {
                int rest = sessions.cut();
                log.say("cut " + rest + (rest == 1 ? " connection" : " connections") + " after the grace");
                boolean ignored = sessions.awaitNone(CUTTING);
            }
        } catch (InterruptedException again) {
            int ignored = sessions.cut();
        }
    }
}
