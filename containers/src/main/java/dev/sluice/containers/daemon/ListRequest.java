// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.ContainerJson;
import java.io.IOException;

/** Tells who is live: see {@link ControlClient#list}. */
final class ListRequest implements ControlServer.Handler {
    private final Containers containers;

    ListRequest(Containers containers) {
        this.containers = containers;
    }

    @Override
    public boolean serve(JsonNode request, ControlServer.Passed none, MessageSocket client) throws IOException {
        client.send(ControlSocket.text(ControlSocket.OK));
        for (Container container : containers.live()) {
            client.send(ControlSocket.text(ContainerJson.write(container.state())));
        }
        return true;
    }
}
