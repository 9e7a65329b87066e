// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.http;

import dev.sluice.Connection;
import dev.sluice.Listener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.io.HttpRequestHandler;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1 on a listener that belongs to somebody else: a virtual thread for each client, a bounded number of
 * them, and no more than 64 headers of 8 KiB each.
 */
public final class HttpServer {
    /** Many: who follows a log stays, and must not shut out those who start one. */
    private static final int MOST_CLIENTS = 4096;

    private static final Duration REQUESTS_UNDER_WAY = Duration.ofSeconds(5);
    private static final Logger LOG = System.getLogger(HttpServer.class.getName());

    private final String name;
    private final HttpRequestHandler handler;
    private final Duration silence;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private @Nullable AcceptLoop accepting;

    /**
     * Makes a server that does not serve yet.
     *
     * @param name what its threads are called by
     * @param handler answers all requests; by many threads at once. What it throws ends that connection, an
     *     {@link org.apache.hc.core5.http.HttpException} with an answer that says so
     * @param silence a connection on which nothing comes for so long, within a request or between two, is closed
     */
    public HttpServer(String name, HttpRequestHandler handler, Duration silence) {
        this.name = name;
        this.handler = handler;
        this.silence = silence;
    }

    /**
     * The connection that a request came by, for a handler that must notice its client's going.
     *
     * @param context the handler's
     * @return it belongs to the server
     */
    public static Connection connection(HttpContext context) {
        return (Connection) Objects.requireNonNull(context.getAttribute(Client.CONNECTION));
    }

    /**
     * Accepts clients from now on, and returns.
     *
     * @param listener stays open, and the caller's
     * @throws IllegalStateException if it accepts already
     */
    public synchronized void start(Listener listener) {
        if (accepting != null) {
            throw new IllegalStateException(name + " accepts already");
        }
        accepting = AcceptLoop.start(name, () -> accepted(listener.accept()));
    }

    private void accepted(Connection connection) throws IOException {
        if (clients.size() >= MOST_CLIENTS) {
            LOG.log(Level.WARNING, name + ": a client is turned away, there are " + MOST_CLIENTS + " already");
            connection.close();
            return;
        }
        Client client = new Client(connection, handler, silence);
        clients.add(client);
        Thread.ofVirtual().name(name + "-client").start(() -> {
            try {
                client.serve();
            } finally {
                clients.remove(client);
            }
        });
    }

    /**
     * Accepts no more clients, who wait in the listener's queue from now on; closes connections without a request; and
     * waits for the end of requests under way, for 5 seconds at most. Does nothing if it does not accept.
     *
     * @throws InterruptedException if the thread is interrupted; no more are accepted nonetheless
     */
    public synchronized void pause() throws InterruptedException {
        AcceptLoop loop = accepting;
        if (loop == null) {
            return;
        }
        loop.stop();
        accepting = null;
        clients.forEach(Client::endAfterRequest);
        long end = System.nanoTime() + REQUESTS_UNDER_WAY.toNanos();
        for (Client client : clients) {
            client.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    /** Closes all connections, whatever is under way. Called after {@link #pause}. */
    public void close() {
        clients.forEach(Client::end);
    }
}
