// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.Connection;
import dev.sluice.containers.daemon.Container;
import dev.sluice.containers.daemon.Containers;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.LogReader;
import dev.sluice.containers.log.SavedSource;
import dev.sluice.containers.log.Selection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** {@code docker logs}: what dockerd wants to see of a log, and the answer. */
final class ReadLogs {
    /** Whoever asks expects what the container has written by now; one that never pauses has no such moment. */
    private static final Duration LOGGED_BY_NOW = Duration.ofMillis(50);

    /** Go's zero time, which stands for none, is in the year 1. */
    private static final Instant NONE_BEFORE = Instant.parse("1678-01-01T00:00:00Z");

    private static final Instant NONE_AFTER = Instant.parse("2262-01-01T00:00:00Z");

    private final Containers containers;
    private final LogStreams streams;

    ReadLogs(Containers containers, LogStreams streams) {
        this.containers = containers;
        this.streams = streams;
    }

    /**
     * Opens a log.
     *
     * @return what sends it
     * @throws IllegalArgumentException if the request makes no sense, or the log cannot be read in this way
     * @throws IOException if there is no such log
     */
    HttpEntity read(JsonNode request, Connection client) throws IOException {
        String id = ContainerJson.string(request.path("Info"), "ContainerID");
        ContainerFolder folder = containers.folder().existingContainer(id);
        if (folder == null) {
            throw new IllegalArgumentException("there is no log of container " + id);
        }
        awaitLogged(id);
        LogReader reader = LogReader.open(folder, selection(request.path("Config")));
        LogStream stream = new LogStream(reader, client, streams);
        return new Answer(stream);
    }

    /** Is closed by the server, whether it was sent or not. */
    private static final class Answer extends AbstractHttpEntity {
        private final LogStream stream;

        Answer(LogStream stream) {
            super(ContentType.APPLICATION_OCTET_STREAM, null, true);
            this.stream = stream;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            stream.send(out);
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public boolean isStreaming() {
            return true;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("it is only ever sent");
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    private void awaitLogged(String id) throws IOException {
        Container container = containers.live(id);
        if (container == null) {
            return;
        }
        for (SavedSource source : container.state().sources()) {
            if (!source.path().isEmpty()) {
                boolean ignored = DockerFifo.awaitEmpty(Path.of(source.path()), LOGGED_BY_NOW);
            }
        }
    }

    static Selection selection(JsonNode config) {
        Selection selection = Selection.everything();
        long tail = config.path("Tail").asLong(Selection.ALL);
        if (tail >= 0) {
            selection = selection.withTail(tail);
        }
        Instant since = time(config, "Since");
        if (since.isAfter(NONE_BEFORE)) {
            selection = selection.withSince(nanos(since));
        }
        Instant until = time(config, "Until");
        if (until.isAfter(NONE_BEFORE) && until.isBefore(NONE_AFTER)) {
            selection = selection.withUntil(nanos(until));
        }
        return config.path("Follow").asBoolean(false) ? selection.following() : selection;
    }

    private static Instant time(JsonNode config, String name) {
        String text = config.path(name).asText("");
        try {
            return text.isEmpty() ? Instant.MIN : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException bad) {
            throw new IllegalArgumentException(name + " '" + text + "' is no time", bad);
        }
    }

    private static long nanos(Instant time) {
        Instant bounded = time.isBefore(NONE_AFTER) ? time : NONE_AFTER;
        return bounded.getEpochSecond() * 1_000_000_000 + bounded.getNano();
    }
}
