// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows somebody what a container writes, beside its log: see {@link ControlClient#attach}. */
final class AttachRequest implements ControlServer.Handler {
    private static final Logger LOG = System.getLogger(AttachRequest.class.getName());

    private final Containers containers;

    AttachRequest(Containers containers) {
        this.containers = containers;
    }

    @Override
    public boolean serve(JsonNode request, ControlServer.Passed descriptors, MessageSocket client) throws IOException {
        String id = ContainerJson.string(request, "container");
        Map<Output, Descriptor> ends = ends(request.path("outputs"), descriptors.all());
        @Nullable Container container = containers.live(id);
        if (container == null) {
            throw new IllegalArgumentException("no live container has the id " + id);
        }
        client.clearReadDeadline();
        if (!container.attach(client, ends, () -> answer(client))) {
            throw new IllegalArgumentException(id + " has just ended");
        }
        descriptors.take();
        return false;
    }

    private static void answer(MessageSocket client) {
        try {
            client.send(ControlSocket.text(ControlSocket.OK));
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "who wanted to be attached has gone", gone); // and is detached for it
        }
    }

    static Map<Output, Descriptor> ends(JsonNode names, List<Descriptor> descriptors) {
        if (descriptors.isEmpty() || names.size() != descriptors.size()) {
            throw new IllegalArgumentException(
                    names.size() + " outputs, and " + descriptors.size() + " descriptors came");
        }
        Map<Output, Descriptor> ends = new EnumMap<>(Output.class);
        for (Descriptor descriptor : descriptors) {
            Output output = Output.of(ContainerJson.string(names.path(ends.size()), "output"));
            if (ends.putIfAbsent(output, writable(descriptor)) != null) {
                throw new IllegalArgumentException(output.label() + " comes twice");
            }
        }
        return ends;
    }

    private static Descriptor writable(Descriptor descriptor) {
        try {
            descriptor.pipeCapacity();
            descriptor.clearWriteDeadline();
            return descriptor;
        } catch (IOException | RuntimeException unfit) {
            throw new IllegalArgumentException("not a pipe's writing end: " + descriptor, unfit);
        }
    }
}
