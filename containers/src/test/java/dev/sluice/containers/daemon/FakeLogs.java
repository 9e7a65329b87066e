// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Logs that keep the bytes of each source as they come, in a file of the source's name. */
final class FakeLogs implements Logging {
    private final LogFolder folder;

    FakeLogs(LogFolder folder) {
        this.folder = folder;
    }

    @Override
    public Log open(ContainerDescription container, List<Source> sources) throws IOException {
        return new Fake(folder.container(container.id()).path());
    }

    private static final class Fake implements Log {
        private final Path own;
        private final LongAdder bytes = new LongAdder();

        Fake(Path own) {
            this.own = own;
        }

        @Override
        public void read(Source source) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            try (OutputStream file = Files.newOutputStream(
                    own.resolve(source.name() + ".log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (source.descriptor().read(buffer.clear()) >= 0) {
                    file.write(buffer.array(), 0, buffer.position());
                    bytes.add(buffer.position());
                }
            }
        }

        @Override
        public long bytes() {
            return bytes.sum();
        }

        @Override
        public long droppedEntries() {
            return 0;
        }

        @Override
        public long droppedBytes() {
            return 0;
        }

        @Override
        public void close() {
            // each file is closed by who writes it
        }
    }
}
