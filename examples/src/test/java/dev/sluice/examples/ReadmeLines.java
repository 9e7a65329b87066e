// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import java.io.IOException;
import java.nio.file.Path;

/** The program that the project's README shows. */
final class ReadmeLines {
    private ReadmeLines() {}

    public static void main(String... args) throws IOException {
        // begin
        Fifo.create(Path.of("events"));
        try (Fifo events = Fifo.open(Path.of("events"));
                Descriptor log = Descriptor.open(Path.of("events.log"), CREATE, WRITE)) {
            CopyResult result = Copy.from(events).to(log).run(); // to the end of the last writer
            IO.println(result.bytes() + " bytes, " + result.spliced() + " of them spliced; " + result.end());
        }
        // end
    }
}
