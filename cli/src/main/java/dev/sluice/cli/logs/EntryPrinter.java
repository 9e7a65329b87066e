// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.Descriptor;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.Output;
import dev.sluice.containers.log.TimeBound;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Prints entries as the container wrote them, each to the output that it came from, and in that order. */
final class EntryPrinter {
    private static final int BUFFER = 64 << 10;

    private final OutputStream[] streams;
    private final boolean[] midLine = new boolean[Output.values().length];
    private final boolean timestamps;
    private @Nullable Output last;

    EntryPrinter(Descriptor stdout, Descriptor stderr, boolean timestamps) {
        this.streams = new OutputStream[] {
            new BufferedOutputStream(stdout.outputStream(), BUFFER),
            new BufferedOutputStream(stderr.outputStream(), BUFFER)
        };
        this.timestamps = timestamps;
    }

    void print(Entry entry) throws IOException {
        Output output = entry.output();
        if (last != output) {
            flush(); // both may be one terminal
            last = output;
        }
        OutputStream to = streams[output.ordinal()];
        if (timestamps && !midLine[output.ordinal()]) {
            to.write(TimeBound.format(entry.nanos()).getBytes(StandardCharsets.US_ASCII));
            to.write(' ');
        }
        to.write(entry.bytes(), entry.offset(), entry.length());
        if (entry.endsLine()) {
            to.write('\n');
        }
        midLine[output.ordinal()] = !entry.endsLine();
    }

    void flush() throws IOException {
        for (OutputStream stream : streams) {
            stream.flush();
        }
    }

    /** Whether a write failed since nobody is there to read. */
    static boolean isGone(IOException failed) {
        String message = String.valueOf(failed.getMessage());
        return message.contains("EPIPE") || message.contains("ECONNRESET");
    }
}
