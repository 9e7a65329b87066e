// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that logs is killed with SIGKILL at random moments, and started again. */
@ExtendWith(NothingLeft.class)
class KilledWriterTest {
    private static final int TIMES = 20;
    private static final int LONGEST_LIFE_MILLIS = 60;
    private static final String LAST = "the last line";

    @TempDir
    private Path temp;

    private final Random random = new Random(7);

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void nothingIsLostNorDoubled(LogFormat format) throws Exception {
        String name = LogNames.of(format).getFirst();
        ContainerFolder folder = Logs.folder(temp.resolve("logs"));
        Path path = temp.resolve("fifo");
        Fifo.create(path);
        AtomicBoolean enough = new AtomicBoolean();
        try (Fifo fifo = Fifo.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Running<List<String>> container = OnThread.PLATFORM.call(() -> write(fifo, enough));
            for (int i = 0; i < TIMES; i++) {
                Process writer = start(format, path);
                try {
                    awaitGrowth(folder, writer);
                    Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS)); // until a moment that nobody chooses
                } finally {
                    kill(writer);
                }
            }
            enough.set(true);
            Process writer = start(format, path);
            try {
                List<String> expected = container.get();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .failFast(() -> !writer.isAlive())
                        .ignoreException(NoSuchFileException.class) // in the middle of a rotation
                        .until(() -> Files.readString(folder.file(name)).contains(LAST));
                Awaitility.await().until(() -> lines(format, Logs.text(folder, name)).size() >= expected.size());

                assertThat(lines(format, Logs.text(folder, name))).isEqualTo(expected);
                assertThat(folder.file(LogNames.rotated(name, 1))).exists();
            } finally {
                kill(writer);
            }
        }
    }

    /**
     * What the container says: numbered lines of all lengths, until it is enough. No two batches are equal, also where
     * they are pieces of one raw line: equal ones cannot be told apart, see {@link LogSource#settle}.
     */
    private List<String> write(Fifo fifo, AtomicBoolean enough) throws IOException {
        Random lengths = new Random(11);
        List<String> written = new ArrayList<>();
        while (!enough.get()) {
            int length = lengths.nextInt(lengths.nextInt(10) == 0 ? 3000 : 100);
            String letters = lengths.ints(length, 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            written.add(written.size() + letters);
            fifo.write(ByteBuffer.wrap((written.getLast() + "\n").getBytes(UTF_8)));
        }
        written.add(LAST);
        fifo.write(ByteBuffer.wrap((LAST + "\n").getBytes(UTF_8)));
        return written;
    }

    private Process start(LogFormat format, Path fifo) throws IOException {
        return new ProcessBuilder(Jvm.command(
                        KilledWriter.class, temp.resolve("logs").toString(), format.label(), fifo.toString()))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private static void awaitGrowth(ContainerFolder folder, Process writer) {
        long before = grown(folder);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .failFast(() -> !writer.isAlive())
                .until(() -> grown(folder) != before);
    }

    /** Changes with each line that is logged. */
    private static long grown(ContainerFolder folder) {
        try (var files = Files.list(folder.path())) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<String> lines(LogFormat format, String text) {
        return text.lines().map(line -> text(format, line)).toList();
    }

    private static String text(LogFormat format, String line) {
        return switch (format) {
            case RAW -> line;
            case CRI -> line.substring(line.indexOf(" stdout F ") + " stdout F ".length());
            case JSON_FILE -> {
                assertThat(line).startsWith("{\"log\":\"").endsWith("Z\"}");
                yield line.substring("{'log':'".length(), line.indexOf("\\n\",\"stream\""));
            }
        };
    }
}
