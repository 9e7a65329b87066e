// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * container.json: {@link ContainerState} as text and back.
 *
 * <p>Writing loads no JSON library; reading does. What is not known is passed over, so that an older version can read
 * what a newer one has written.
 */
public final class ContainerJson {
    /** The file's name, in a container's folder. */
    public static final String FILE = "container.json";

    private ContainerJson() {}

    /** Loaded by the first read. */
    private static final class Reader {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    /** {@return the state as one JSON object, on one line} */
    public static String write(ContainerState state) {
        return new JsonText().with(object -> write(state, object)).toString();
    }

    /** Adds what a state says to an object. */
    public static void write(ContainerState state, JsonText object) {
        write(state.description(), object);
        object.add("state", state.isLive() ? "live" : "ended")
                .add("started", state.started().toString());
        Instant ended = state.ended();
        if (ended != null) {
            object.add("ended", ended.toString());
        }
        object.add("boot", state.boot())
                .add("droppedEntries", state.droppedEntries())
                .add("droppedBytes", state.droppedBytes())
                .add("sources", state.sources(), ContainerJson::write);
    }

    /** Adds what a description says to an object. */
    public static void write(ContainerDescription description, JsonText object) {
        LogOptions options = description.options();
        object.add("id", description.id())
                .add("name", description.name())
                .add("image", description.image())
                .add("created", description.created().toString())
                .add("driver", description.driver().label())
                .add("format", options.format().label())
                .add("maxSize", options.maxSize())
                .add("maxFiles", options.maxFiles())
                .add("compress", options.compress())
                .add("attributes", options.attributes());
    }

    private static void write(SavedSource source, JsonText object) {
        object.add("name", source.name())
                .add("carries", source.carries().label())
                .add("path", source.path())
                .add("inode", source.inode());
    }

    /**
     * Reads a state.
     *
     * @param text what {@link #write(ContainerState)} has written
     * @return the state
     * @throws IllegalArgumentException if it is anything else; the message is for people
     */
    public static ContainerState read(String text) {
        return state(parse(text));
    }

    /**
     * Parses a JSON object.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static JsonNode parse(String text) {
        JsonNode node;
        try {
            node = Reader.MAPPER.readTree(text);
        } catch (JacksonException bad) {
            throw new IllegalArgumentException("no JSON: " + bad.getOriginalMessage(), bad);
        }
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("no JSON object");
        }
        return node;
    }

    /**
     * Reads a state.
     *
     * @param node an object that has its fields, and may have others
     * @return the state
     * @throws IllegalArgumentException if one is missing or wrong; the message is for people
     */
    public static ContainerState state(JsonNode node) {
        List<SavedSource> sources = new ArrayList<>();
        for (JsonNode source : node.path("sources")) {
            sources.add(new SavedSource(
                    string(source, "name"),
                    Carries.of(string(source, "carries")),
                    source.path("path").asText(""),
                    source.path("inode").asLong(0)));
        }
        boolean live = string(node, "state").equals("live");
        return new ContainerState(
                description(node),
                instant(node, "started"),
                live ? null : instant(node, "ended"),
                node.path("boot").asText(""),
                sources,
                node.path("droppedEntries").asLong(0),
                node.path("droppedBytes").asLong(0));
    }

    /**
     * Reads a description.
     *
     * @param node an object that has its fields, and may have others
     * @return the description
     * @throws IllegalArgumentException if one is missing or wrong; the message is for people
     */
    public static ContainerDescription description(JsonNode node) {
        Map<String, String> attributes = new LinkedHashMap<>();
        node.path("attributes").properties().forEach(each -> attributes.put(
                each.getKey(), each.getValue().asText()));
        String id = string(node, "id");
        return new ContainerDescription(
                id,
                node.path("name").asText(id),
                node.path("image").asText(""),
                instant(node, "created"),
                Driver.of(string(node, "driver")),
                new LogOptions(
                        LogFormat.of(string(node, "format")),
                        node.path("maxSize").asLong(Long.MAX_VALUE),
                        node.path("maxFiles").asInt(1),
                        node.path("compress").asBoolean(false),
                        attributes));
    }

    private static Instant instant(JsonNode node, String key) {
        try {
            return Instant.parse(string(node, key));
        } catch (DateTimeException bad) {
            throw new IllegalArgumentException(bad.getMessage(), bad);
        }
    }

    /**
     * A string that must be there.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static String string(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no string '" + key + "'");
        }
        return value.textValue();
    }
}
