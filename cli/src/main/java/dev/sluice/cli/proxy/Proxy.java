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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and relays them, until its thread is interrupted.
 *
 * <p>One virtual thread accepts, so that what it starts runs on the same carrier; each connection has one that connects
 * to the target and is then one direction of the relay, whose other direction has another.
 */
final class Proxy {
    /** For what is cut to be closed. */
    private static final Duration CUTTING = Duration.ofSeconds(2);

    private final Listener listener;
    private final SocketPlace target;
    private final ProxySettings settings;
    private final Sessions sessions;
    private final Log log;

    /** Zero when there will be no new sessions. */
    private final CountDownLatch accepted = new CountDownLatch(1);

    private volatile @Nullable IOException failure;

    Proxy(Listener listener, SocketPlace target, ProxySettings settings, PrintStream err) {
        this.listener = listener;
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
            Thread acceptor = Thread.ofVirtual().name("sluice-accept").start(this::accept);
            try {
                accepted.await();
            } catch (InterruptedException signal) {
                // the end begins
            }
            stop(acceptor);
        }
        @Nullable IOException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void accept() {
        try {
            for (;;) {
                sessions.awaitRoom();
                Connection client = listener.accept();
                sessions.start(new Session(client, target, settings, sessions, log));
            }
        } catch (ClosedChannelException | InterruptedIOException | InterruptedException stopped) {
            // no new ones
        } catch (IOException failed) {
            failure = failed;
        } catch (RuntimeException | Error unexpected) {
            failure = new IOException("unexpected: " + unexpected, unexpected);
        } finally {
            accepted.countDown();
        }
    }

    private void stop(Thread acceptor) throws IOException {
        listener.close();
        acceptor.interrupt();
        try {
            accepted.await();
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
