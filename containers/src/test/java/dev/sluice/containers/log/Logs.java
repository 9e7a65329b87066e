// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Logs that tests write, and what lies in their files. */
final class Logs {
    /** Of all entries that are made here. */
    static final long NANOS = 1_796_000_000_123_456_000L;

    private Logs() {}

    static ContainerFolder folder(Path dir) throws IOException {
        return LogFolder.open(dir).container("c1");
    }

    static LogOptions options(LogFormat format, long maxSize, int maxFiles, boolean compress) {
        return new LogOptions(format, maxSize, maxFiles, compress, Map.of());
    }

    static Entry line(String text) {
        return entry(Output.STDOUT, text, true);
    }

    static Entry entry(Output output, String text, boolean endsLine) {
        byte[] bytes = text.getBytes(UTF_8);
        return new Entry(output, NANOS, bytes, 0, bytes.length, endsLine);
    }

    /** Writes entries, in as few batches as it takes. */
    static void append(ContainerLog log, Entry... entries) throws IOException {
        try (Batch batch = log.begin()) {
            for (Entry entry : entries) {
                if (!batch.add(entry)) {
                    batch.commit();
                    if (!batch.add(entry)) {
                        throw new AssertionError("an empty batch refuses an entry");
                    }
                }
            }
            batch.commit();
        }
    }

    /** Reads all of a log, oldest first. */
    static String text(ContainerFolder folder, String name) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int k = 1000; k >= 0; k--) {
            Path plain = folder.file(LogNames.rotated(name, k));
            Path compressed = folder.file(LogNames.compressed(name, k));
            if (Files.exists(plain)) {
                text.append(Files.readString(plain));
            } else if (Files.exists(compressed)) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
                    text.append(new String(in.readAllBytes(), UTF_8));
                }
            }
        }
        return text.toString();
    }
}
