// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.Carries;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes over the descriptors of a logger, which ends when it has the answer: see {@link ControlClient#log}. */
final class LogRequest implements ControlServer.Handler {
    private final Containers containers;

    LogRequest(Containers containers) {
        this.containers = containers;
    }

    @Override
    public boolean serve(JsonNode request, ControlServer.Passed descriptors, MessageSocket client) throws IOException {
        ContainerDescription description = ContainerJson.description(request.path("container"));
        JsonNode names = request.path("sources");
        List<Descriptor> passed = descriptors.all();
        if (passed.size() != names.size()) {
            throw new IllegalArgumentException(names.size() + " sources, and " + passed.size() + " descriptors came");
        }
        List<Source> sources = new ArrayList<>();
        for (Descriptor descriptor : passed) {
            JsonNode name = names.path(sources.size());
            Carries carries = Carries.of(ContainerJson.string(name, "carries"));
            sources.add(new Source(ContainerJson.string(name, "name"), carries, readable(descriptor), null));
        }
        descriptors.take();
        // A logger that does not wait any more reads by itself: never both.
        containers.start(description, sources, container -> client.send(ControlSocket.text(ControlSocket.OK)));
        return true;
    }

    private static Descriptor readable(Descriptor descriptor) {
        try {
            descriptor.pipeCapacity();
            descriptor.clearReadDeadline();
        } catch (IOException | RuntimeException unfit) {
            throw new IllegalArgumentException("not a pipe's reading end: " + descriptor, unfit);
        }
        return descriptor;
    }
}
