// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Descriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/** Writes numbered lines for as long as it is told to, and finds them again. */
final class Numbered {
    private final Descriptor sink;
    private final FutureTask<Long> writing;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean enough;

    private Numbered(Descriptor sink, long pauseEach) {
        this.sink = sink;
        this.writing = new FutureTask<>(() -> write(pauseEach));
    }

    /** Begins, and closes the descriptor in the end. */
    static Numbered start(Descriptor sink) {
        return start(sink, Long.MAX_VALUE);
    }

    /** The same, with a millisecond's pause after so many lines. */
    static Numbered start(Descriptor sink, long pauseEach) {
        Numbered numbered = new Numbered(sink, pauseEach);
        Thread.ofVirtual().start(numbered.writing);
        return numbered;
    }

    private long write(long pauseEach) throws IOException, InterruptedException {
        try (sink) {
            while (!enough) {
                sink.write(ByteBuffer.wrap(line(written.get()).getBytes(UTF_8)));
                if (written.incrementAndGet() % pauseEach == 0) {
                    Thread.sleep(1);
                }
            }
            return written.get();
        }
    }

    /** {@return what is written} */
    static String line(long number) {
        return number + " is the number of this line, and that of the one after it is one more\n";
    }

    /** {@return how many there are so far} */
    long written() {
        return written.get();
    }

    /** Writes no more, and closes the descriptor. */
    long end() throws Exception {
        enough = true;
        return writing.get();
    }

    /** Checks that a file has the first so many lines, each once and in order. */
    static void assertWhole(Path file, long lines) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (long number = 0; number < lines; number++) {
                assertThat(reader.readLine() + "\n").isEqualTo(line(number));
            }
            assertThat(reader.readLine()).isNull();
        }
    }
}
