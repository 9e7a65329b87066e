// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.MessageSocket;
import dev.sluice.Descriptor;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.JsonText;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Talks to a daemon by its {@link ControlSocket}. It loads no JSON library. */
public final class ControlClient {
    private ControlClient() {}

    /**
     * Hands a container's output over to the daemon, and waits for its word that it is read. The descriptors stay the
     * caller's too, and are to be closed.
     *
     * @param socket the daemon's
     * @param container whose it is
     * @param sources what it comes from; none of them a FIFO that is to be found by its path
     * @param atMost how long all of it may take
     * @throws java.net.ConnectException if no daemon listens there; {@link java.nio.file.NoSuchFileException} likewise
     * @throws java.net.SocketTimeoutException if it takes longer. The daemon reads nothing then, unless it had just
     *     said so
     * @throws java.io.InterruptedIOException if the thread is interrupted; likewise
     * @throws IOException if the daemon refuses, for the reason that the message gives, or goes away; it reads nothing
     *     then, and only one killed in the very moment before it answered may have left the sources to the next
     */
    public static void log(Path socket, ContainerDescription container, List<Source> sources, Duration atMost)
            throws IOException {
        JsonText request = ControlSocket.request("log")
                .add("container", new JsonText().with(object -> ContainerJson.write(container, object)))
                .add("sources", sources, (source, object) -> object.add("name", source.name())
                        .add("carries", source.carries().label()));
        ask(socket, request, sources.stream().map(Source::descriptor).toList(), atMost)
                .close();
    }

    /**
     * Attaches to a container that the daemon reads: what it writes from now on is written to these too.
     *
     * @param socket the daemon's
     * @param id the container's
     * @param outputs a pipe's writing end for each output that is wanted. They stay the caller's too, who should close
     *     them, so that the readers' ends have an end
     * @param atMost how long to wait for the answer
     * @return the connection, which comes to its end when the container has ended; to be closed by the caller, which
     *     detaches
     * @throws IOException as {@link #log}
     */
    public static MessageSocket attach(
            Path socket, String id, Map<Output, ? extends Descriptor> outputs, Duration atMost)
            throws IOException {
        List<Output> order = List.copyOf(outputs.keySet());
        List<Descriptor> ends = new ArrayList<>();
        order.forEach(output -> ends.add(outputs.get(output)));
        JsonText request = ControlSocket.request("attach")
                .add("container", id)
                .add("outputs", order, (output, object) -> object.add("output", output.label()));
        return ask(socket, request, ends, atMost);
    }

    /**
     * Asks which containers are live.
     *
     * @param socket the daemon's
     * @param atMost how long it may take
     * @return container.json of each
     * @throws IOException as {@link #log}
     */
    public static List<String> list(Path socket, Duration atMost) throws IOException {
        List<String> containers = new ArrayList<>();
        try (MessageSocket daemon = ask(socket, ControlSocket.request("list"), List.of(), atMost)) {
            daemon.setReadDeadline(atMost);
            ByteBuffer message = ByteBuffer.allocate(ControlSocket.MOST_BYTES);
            while (daemon.receive(message.clear()).bytes() >= 0) {
                containers.add(ControlSocket.text(message));
            }
        }
        return containers;
    }

    /** Sends a request and waits for {@code ok}; the connection has no deadlines then. */
    static MessageSocket ask(Path socket, JsonText request, List<? extends Descriptor> descriptors, Duration atMost)
            throws IOException {
        ByteBuffer message = ControlSocket.message(request);
        MessageSocket daemon = MessageSocket.connect(UnixDomainSocketAddress.of(socket), atMost);
        try {
            daemon.setWriteDeadline(atMost);
            daemon.setReadDeadline(atMost);
            daemon.send(message, descriptors);
            ControlSocket.awaitOk(daemon);
            daemon.clearWriteDeadline();
            daemon.clearReadDeadline();
            return daemon;
        } catch (Throwable failure) {
            daemon.close();
            throw failure;
        }
    }
}
