// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A log of a test, with all that an intake needs beside it. Bytes are read as ISO 8859-1: a char each. */
final class Logged implements AutoCloseable {
    final Path folder;
    final ContainerLog log;
    final Attachments attachments = new Attachments();
    final Counters counters = new Counters();

    private Logged(Path folder, ContainerLog log) {
        this.folder = folder;
        this.log = log;
    }

    static Logged open(Path folder, LogFormat format) throws IOException {
        return new Logged(
                folder, ContainerLog.open(LogFolder.open(folder).container("c"), LogOptions.of(format)));
    }

    /** Something that reads to its source's end. */
    interface Reader {
        void run() throws IOException;
    }

    static Running<Boolean> read(Reader intake) {
        return OnThread.VIRTUAL.run(intake::run);
    }

    String raw(Output output) {
        return text(output.label() + ".log");
    }

    List<String> lines() {
        return text().lines().toList();
    }

    String text() {
        return text("container.log");
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve("c").resolve(file), ISO_8859_1);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Waits until so many entries have been taken. */
    void awaitLines(long count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> counters.lines() >= count);
    }

    @Override
    public void close() throws IOException {
        attachments.end();
        log.close();
    }
}
