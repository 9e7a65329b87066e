// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.ReceivedMessage;
import dev.sluice.containers.log.Closing;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Output;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process takes over from another while containers write and clients ask. This is the new process's part; {@link
 * HandingOver} is the old one's.
 *
 * <pre>
 *  new → old   the request take-over
 *  old → new   ok. It accepts no more clients, waits for requests under way, and stops its reading: what
 *              containers write stays in their pipes from now on
 *  old → new   listeners: names, with the sockets
 *  old → new   for each container: container.json, with the reading ends
 *  old → new   for each attached reader: its container and outputs, with its connection and the pipes' writing ends
 *  old → new   end
 *  new → old   taken
 *  old → new   ok. From here on the new process serves, and the old one only has to exit
 * </pre>
 *
 * <p>If either dies before the last {@code ok}, all is the other one's, or a third process takes it up again as after
 * any death; the new one has read nothing by then. The old one may have waited too long for {@code taken}, and read on:
 * so that must be answered, for never may both read.
 */
final class TakeOver implements AutoCloseable {
    /** The old process waits for requests under way before it answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = System.getLogger(TakeOver.class.getName());
    private static final int MOST_DESCRIPTORS = 253;

    static final String LISTENERS = "listeners";
    static final String CONTAINER = "container";
    static final String ATTACHED = "attached";
    static final String END = "end";
    static final String TAKEN = "taken";

    private final MessageSocket predecessor;
    private final Map<String, Descriptor> listeners = new LinkedHashMap<>();
    private final List<Held> containers = new ArrayList<>();
    private final List<Attached> attached = new ArrayList<>();
    private final List<Descriptor> received = new ArrayList<>();

    /** Who reads what a container writes. */
    record Attached(String container, MessageSocket client, Map<Output, Descriptor> ends) {
        /** Where nobody can attach it any more. */
        void close() {
            new AttachedReader(client, ends, reader -> {}).close();
        }
    }

    private TakeOver(MessageSocket predecessor) {
        this.predecessor = predecessor;
    }

    /**
     * Asks the daemon that listens there for everything.
     *
     * @return null if nobody listens
     * @throws IOException if it refuses or fails; it goes on then
     */
    static @Nullable TakeOver begin(Path control) throws IOException {
        MessageSocket predecessor;
        try {
            predecessor = ControlClient.ask(control, ControlSocket.request("take-over"), List.of(), PATIENCE);
        } catch (NoSuchFileException | ConnectException nobody) {
            return null;
        }
        TakeOver takeOver = new TakeOver(predecessor);
        try {
            takeOver.receiveAll();
            return takeOver;
        } catch (Throwable failure) {
            takeOver.close();
            throw failure;
        }
    }

    private void receiveAll() throws IOException {
        predecessor.setReadDeadline(PATIENCE);
        ByteBuffer buffer = ByteBuffer.allocate(ControlSocket.MOST_BYTES);
        for (boolean more = true; more; ) {
            ReceivedMessage message = predecessor.receive(buffer.clear(), MOST_DESCRIPTORS);
            received.addAll(message.descriptors());
            if (message.bytes() < 0) {
                throw new EOFException("the other daemon has ended before it had handed over everything");
            }
            if (message.descriptorsLost()) {
                throw new IOException("too few descriptors are left for a take-over (RLIMIT_NOFILE)");
            }
            more = take(ContainerJson.parse(ControlSocket.text(buffer)), message.descriptors());
        }
        predecessor.clearReadDeadline();
    }

    private boolean take(JsonNode message, List<Descriptor> descriptors) throws IOException {
        if (message.has(LISTENERS)) {
            for (int i = 0; i < descriptors.size(); i++) {
                String name = ContainerJson.string(message.path(LISTENERS).path(i), "name");
                listeners.put(name, descriptors.get(i));
            }
        } else if (message.has(CONTAINER)) {
            ContainerState state = ContainerJson.state(message.path(CONTAINER));
            containers.add(new Held(state, Held.sources(state, descriptors)));
        } else if (message.has(ATTACHED)) {
            attached.add(attached(message, descriptors));
        } else {
            return !message.has(END);
        }
        return true;
    }

    private static Attached attached(JsonNode message, List<Descriptor> descriptors) throws IOException {
        if (descriptors.isEmpty() || !(descriptors.getFirst() instanceof MessageSocket client)) {
            throw new IOException("an attached reader without its connection");
        }
        List<Descriptor> ends = descriptors.subList(1, descriptors.size());
        return new Attached(
                ContainerJson.string(message, ATTACHED), client, AttachRequest.ends(message.path("outputs"), ends));
    }

    /** {@return the sockets by their names} */
    Map<String, Descriptor> listeners() {
        return listeners;
    }

    /** {@return the containers, which the other process does not read any more} */
    List<Held> containers() {
        return containers;
    }

    /** {@return who reads what containers write} */
    List<Attached> attached() {
        return attached;
    }

    /**
     * All is ours from now on: the other process says so, or has died.
     *
     * @throws IOException if it goes on
     */
    void commit() throws IOException {
        predecessor.setWriteDeadline(PATIENCE);
        predecessor.setReadDeadline(PATIENCE);
        try {
            predecessor.send(ControlSocket.text(TAKEN));
            ControlSocket.awaitOk(predecessor);
        } catch (EOFException dead) {
            LOG.log(Level.DEBUG, "the other daemon has died", dead);
        }
        received.clear();
    }

    /** Waits until the other process has let go of everything. */
    void awaitEnd(Duration atMost) throws IOException {
        predecessor.setReadDeadline(atMost);
        while (predecessor.receive(ByteBuffer.allocate(1)).bytes() >= 0) {
            // it has nothing more to say
        }
    }

    /** Leaves everything to the other process, unless it is ours already. */
    @Override
    public void close() throws IOException {
        predecessor.close();
        Closing.all(received);
    }
}
