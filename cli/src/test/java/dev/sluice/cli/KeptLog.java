// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogReader;
import dev.sluice.containers.log.Output;
import dev.sluice.containers.log.Selection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a log folder has of a container. */
final class KeptLog {
    private final Path folder;

    private KeptLog(Path folder) {
        this.folder = folder;
    }

    static KeptLog of(Path logs, String id) {
        return new KeptLog(logs.resolve(id));
    }

    /** What the container has written to an output, put together again. */
    byte[] bytes(Output output) throws IOException {
        ContainerFolder kept = Objects.requireNonNull(
                LogFolder.existing(folder.resolve("..")).existingContainer(folder.getFileName().toString()));
        if (LogReader.isRaw(kept)) {
            return Files.readAllBytes(folder.resolve(output.label() + ".log"));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (LogReader reader = LogReader.open(kept, Selection.everything().withOutputs(Set.of(output)))) {
            for (@Nullable Entry entry = reader.next(); entry != null; entry = reader.next()) {
                bytes.write(entry.bytes(), entry.offset(), entry.length());
                if (entry.endsLine()) {
                    bytes.write('\n');
                }
            }
            assertThat(reader.damagedLines()).isZero();
        }
        return bytes.toByteArray();
    }

    String text(Output output) throws IOException {
        return new String(bytes(output), UTF_8);
    }

    /** Null while there is none. */
    @Nullable ContainerState state() throws IOException {
        Path file = folder.resolve(ContainerJson.FILE);
        return Files.exists(file) ? ContainerJson.read(Files.readString(file)) : null;
    }

    boolean hasEnded() {
        try {
            @Nullable ContainerState state = state();
            return state != null && !state.isLive();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
