// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.JsonText;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The old process's part of a {@link TakeOver}. */
final class HandingOver {
    /** For each message. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MessageSocket successor;

    HandingOver(MessageSocket successor) {
        this.successor = successor;
    }

    /**
     * Sends everything, and waits for the word that it is taken. Nothing that is sent is closed.
     *
     * @throws IOException if it has not been taken: all is still ours
     */
    void run(Map<String, Descriptor> listeners, Containers containers) throws IOException {
        JsonText names = new JsonText()
                .add(TakeOver.LISTENERS, listeners.keySet(), (name, object) -> object.add("name", name));
        send(names, new ArrayList<>(listeners.values()));
        for (Container container : containers.live()) {
            sendContainer(container.held());
            for (AttachedReader reader : container.attached()) {
                sendAttached(container.id(), reader);
            }
        }
        send(new JsonText().add(TakeOver.END, true), List.of());
        successor.setReadDeadline(PATIENCE.multipliedBy(3));
        ByteBuffer word = ByteBuffer.allocate(16);
        if (successor.receive(word).bytes() < 0 || !ControlSocket.text(word).equals(TakeOver.TAKEN)) {
            throw new IOException("the other process has not taken over after all");
        }
        successor.setWriteDeadline(PATIENCE);
        successor.send(ControlSocket.text(ControlSocket.OK));
    }

    private void sendContainer(Held held) throws IOException {
        JsonText container = new JsonText()
                .add(TakeOver.CONTAINER, new JsonText().with(object -> ContainerJson.write(held.state(), object)));
        send(container, held.sources().stream().map(Source::descriptor).toList());
    }

    private void sendAttached(String container, AttachedReader reader) throws IOException {
        List<Output> outputs = List.copyOf(reader.ends().keySet());
        List<Descriptor> descriptors = new ArrayList<>();
        descriptors.add(reader.client());
        outputs.forEach(output -> descriptors.add(reader.ends().get(output)));
        JsonText attached = new JsonText()
                .add(TakeOver.ATTACHED, container)
                .add("outputs", outputs, (output, object) -> object.add("output", output.label()));
        send(attached, descriptors);
    }

    private void send(JsonText message, List<Descriptor> descriptors) throws IOException {
        successor.setWriteDeadline(PATIENCE);
        successor.send(ControlSocket.message(message), descriptors);
    }
}
