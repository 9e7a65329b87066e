// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Descriptor;
import dev.sluice.MessageListener;
import dev.sluice.MessageSocket;
import dev.sluice.ReceivedMessage;
import dev.sluice.containers.http.AcceptLoop;
import dev.sluice.containers.log.Closing;
import dev.sluice.containers.log.ContainerJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves the {@link ControlSocket}: a virtual thread for each client, which has a few seconds to say what it wants.
 * What comes from a stranger is bounded, and harms nobody but itself.
 */
final class ControlServer implements AutoCloseable {
    /** Those who are served, and those who have not said yet what they want. */
    private static final int MOST_CLIENTS = 64;

    private static final int MOST_DESCRIPTORS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Logger LOG = System.getLogger(ControlServer.class.getName());

    private final MessageListener listener;
    private final int user;
    private final Map<String, Handler> handlers;
    private final Map<Thread, MessageSocket> clients = new ConcurrentHashMap<>();
    private @Nullable AcceptLoop accepting;

    /** Serves one kind of request. */
    @FunctionalInterface
    interface Handler {
        /**
         * Serves one. What it throws before it has answered is the answer.
         *
         * @param request what was sent
         * @param descriptors what came with it, which are closed after this unless taken away
         * @param client which the handler has to answer
         * @return whether the client is done, and its connection to be closed; if not, it is the handler's from now on
         * @throws IllegalArgumentException if the request makes no sense
         * @throws IOException if it cannot be served
         */
        boolean serve(JsonNode request, Passed descriptors, MessageSocket client) throws IOException;
    }

    ControlServer(MessageListener listener, Map<String, Handler> handlers) throws IOException {
        this.listener = listener;
        this.handlers = Map.copyOf(handlers);
        this.user = ownUser();
    }

    // The JDK does not tell it; the kernel does, of whoever made a pair of sockets: SO_PEERCRED in unix(7).
    private static int ownUser() throws IOException {
        try (MessageSocket.Pair pair = MessageSocket.pair(MessageSocket.Type.SEQPACKET)) {
            return pair.one().peerCredentials().user();
        }
    }

    /** Accepts from now on. */
    synchronized void start() {
        accepting = AcceptLoop.start("sluice-control", this::accept);
    }

    /**
     * Accepts no more, and loses no client: who comes now waits in the listener's queue. Waits until those who are
     * being served, by threads other than this one, have been served; each has only seconds.
     */
    void pause() throws InterruptedException {
        synchronized (this) {
            if (accepting != null) {
                accepting.stop();
                accepting = null;
            }
        }
        for (Thread client : clients.keySet()) {
            if (client != Thread.currentThread()) {
                client.join(PATIENCE.multipliedBy(2));
            }
        }
    }

    private void accept() throws IOException {
        MessageSocket client = listener.accept();
        boolean crowded = clients.size() >= MOST_CLIENTS;
        Thread thread = Thread.ofVirtual().name("sluice-control-client").unstarted(() -> serve(client, crowded));
        clients.put(thread, client);
        thread.start();
    }

    private void serve(MessageSocket client, boolean crowded) {
        boolean done = true;
        try {
            done = serveOne(client, crowded);
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "a client of the control socket was not served", failure);
        } finally {
            clients.remove(Thread.currentThread());
            if (done) {
                close(client);
            }
        }
    }

    private static void close(MessageSocket client) {
        try {
            client.close();
        } catch (IOException failure) {
            LOG.log(Level.DEBUG, "a client's connection was not closed well", failure);
        }
    }

    private boolean serveOne(MessageSocket client, boolean crowded) throws IOException {
        client.setReadDeadline(PATIENCE);
        client.setWriteDeadline(PATIENCE);
        int peer = client.peerCredentials().user();
        if (peer != 0 && peer != user) {
            refuse(client, "only root and the daemon's user are served");
            return true;
        }
        if (crowded) {
            refuse(client, "too many clients");
            return true;
        }
        ByteBuffer buffer = ByteBuffer.allocate(ControlSocket.MOST_BYTES);
        ReceivedMessage message = client.receive(buffer, MOST_DESCRIPTORS);
        return message.bytes() < 0 || answer(client, message, buffer);
    }

    private boolean answer(MessageSocket client, ReceivedMessage message, ByteBuffer buffer) throws IOException {
        try (Passed passed = new Passed(message.descriptors())) {
            if (message.isTruncated() || message.descriptorsLost()) {
                throw new IllegalArgumentException(message.isTruncated() ? "too long" : "too many descriptors");
            }
            JsonNode request = ContainerJson.parse(ControlSocket.text(buffer));
            String name = ContainerJson.string(request, "request");
            @Nullable Handler handler = handlers.get(name);
            if (handler == null) {
                throw new IllegalArgumentException("there is no request '" + name + "'");
            }
            return handler.serve(request, passed, client);
        } catch (RuntimeException | IOException failure) {
            refuse(client, String.valueOf(failure.getMessage()));
            throw failure;
        }
    }

    private static void refuse(MessageSocket client, String why) throws IOException {
        String text = why.length() > 200 ? why.substring(0, 200) + "..." : why;
        client.send(ControlSocket.text(ControlSocket.REFUSED + text));
    }

    /** Descriptors that came with a request, until somebody takes them. */
    static final class Passed implements AutoCloseable {
        private List<Descriptor> descriptors;

        Passed(List<Descriptor> descriptors) {
            this.descriptors = descriptors;
        }

        List<Descriptor> all() {
            return descriptors;
        }

        /** They belong to the caller from now on. */
        void take() {
            descriptors = List.of();
        }

        @Override
        public void close() throws IOException {
            Closing.all(descriptors);
        }
    }

    /** Accepts no more, and ends every client's connection; the listener stays open. */
    @Override
    public void close() throws IOException {
        boolean interrupted = false;
        try {
            pause();
        } catch (InterruptedException again) {
            interrupted = true;
        }
        try {
            Closing.all(clients.values());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
