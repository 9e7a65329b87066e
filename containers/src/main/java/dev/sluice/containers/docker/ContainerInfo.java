// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.containers.log.ContainerJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What dockerd tells about a container: the {@code Info} of its requests.
 *
 * @param config the log options: {@code --log-opt} and the daemon's own
 * @param id the container's, 64 hexadecimal digits
 * @param name as users call it, without dockerd's slash before it
 * @param imageId the image's digest, {@code sha256:...}
 * @param image the image's name
 * @param created when the container was made
 * @param environment its variables, {@code NAME=VALUE}
 * @param labels its labels
 * @param command what runs in it, with its arguments
 * @param daemon what dockerd calls itself
 */
record ContainerInfo(
        Map<String, String> config,
        String id,
        String name,
        String imageId,
        String image,
        Instant created,
        List<String> environment,
        Map<String, String> labels,
        String command,
        String daemon) {
    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it names no container; the message is for people
     */
    static ContainerInfo of(JsonNode info) {
        List<String> command = new ArrayList<>(strings(info.path("ContainerArgs")));
        command.addFirst(info.path("ContainerEntrypoint").asText(""));
        String name = info.path("ContainerName").asText("");
        return new ContainerInfo(
                map(info.path("Config")),
                ContainerJson.string(info, "ContainerID"),
                name.startsWith("/") ? name.substring(1) : name,
                info.path("ContainerImageID").asText(""),
                info.path("ContainerImageName").asText(""),
                created(info.path("ContainerCreated").asText("")),
                strings(info.path("ContainerEnv")),
                map(info.path("ContainerLabels")),
                String.join(" ", command).strip(),
                info.path("DaemonName").asText(""));
    }

    // Go writes RFC 3339, with the daemon's offset from UTC. Nothing hangs on it, so a strange one is no fault.
    private static Instant created(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException strange) {
            return Instant.EPOCH;
        }
    }

    /** What Go leaves empty is null in its JSON. */
    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties().forEach(each -> map.put(each.getKey(), each.getValue().asText("")));
        return map;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(each -> strings.add(each.asText("")));
        return strings;
    }
}
