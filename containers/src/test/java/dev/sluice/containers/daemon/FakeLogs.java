// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Logs that keep the bytes of each source as they come, in a file of the source's name. */
final class FakeLogs implements Logging {
    private final LogFolder folder;
    private final Counters counters = new Counters();

    FakeLogs(LogFolder folder) {
        this.folder = folder;
    }

    @Override
    public Log open(ContainerDescription container) throws IOException {
        return new Fake(folder.container(container.id()).path(), counters, new Attachments());
    }

    @Override
    public Counters counters() {
        return counters;
    }

    private record Fake(Path own, Counters counters, Attachments attachments) implements Log {
        @Override
        public Run prepare(Source source) {
            return () -> read(source);
        }

        private void read(Source source) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            try (OutputStream file = Files.newOutputStream(
                    own.resolve(source.name() + ".log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (source.descriptor().read(buffer.clear()) >= 0) {
                    file.write(buffer.array(), 0, buffer.position());
                }
            }
        }

        @Override
        public void close() {
            // each file is closed by who writes it
        }
    }
}
