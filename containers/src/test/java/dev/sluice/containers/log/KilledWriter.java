// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import dev.sluice.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Logs the lines that come through a FIFO, until it is killed. Arguments: the log folder, the format, the FIFO. */
final class KilledWriter {
    private KilledWriter() {}

    static final long MOST = 20_000;
    static final int FILES = 1000;

    public static void main(String[] args) throws IOException {
        LogFormat format = LogFormat.of(args[1]);
        ContainerFolder folder = LogFolder.open(Path.of(args[0])).container("c1");
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(format, MOST, FILES, true));
                Descriptor fifo = Descriptor.open(Path.of(args[2]), StandardOpenOption.READ)) {
            LogSource source = log.source(fifo);
            ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
            int rest = 0;
            for (int seen = fifo.peek(buffer, rest); seen > rest; seen = fifo.peek(buffer.clear(), rest)) {
                rest = seen - (format == LogFormat.RAW ? bytes(source, buffer, seen) : lines(source, buffer, seen));
            }
        }
    }

    /** Logs whole lines, a few in each batch, and answers how many bytes they had. */
    private static int lines(LogSource source, ByteBuffer buffer, int seen) throws IOException {
        byte[] bytes = buffer.array();
        int start = 0;
        try (Batch batch = source.begin()) {
            int committed = 0;
            for (int i = 0; i < seen; i++) {
                if (bytes[i] == '\n') {
                    Entry entry = new Entry(Output.STDOUT, System.nanoTime(), bytes, start, i - start, true);
                    if (start - committed > 500 || !batch.add(entry)) {
                        batch.commit(bytes, committed, start);
                        committed = start;
                        batch.add(entry);
                    }
                    start = i + 1;
                }
            }
            batch.commit(bytes, committed, start);
        }
        return start;
    }

    private static int bytes(LogSource source, ByteBuffer buffer, int seen) throws IOException {
        int done = 0;
        try (Batch batch = source.begin()) {
            while (done < seen) {
                int count = batch.addRaw(Output.STDOUT, buffer.array(), done, Math.min(seen, done + 700));
                batch.commit(buffer.array(), done, done + count);
                done += count;
            }
        }
        return done;
    }
}
