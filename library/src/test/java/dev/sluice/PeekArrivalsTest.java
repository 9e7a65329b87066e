// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who peeks and finds much is not told of what arrives until he waits again: each write would wake the poller. */
@ExtendWith(NothingLeft.class)
class PeekArrivalsTest {
    /** EPOLLIN, EPOLLPRI, EPOLLRDNORM, EPOLLRDBAND: an arrival at a socket counts as each of them. */
    private static final int ARRIVAL = 0xc3;

    private static final int MUCH = 40_000;

    private final ByteBuffer seen = ByteBuffer.allocate(2 * MUCH);

    @Test
    void muchIsNotToldOfUntilOneWaits() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Integer> first = OnThread.VIRTUAL.call(() -> pipe.source().peek(seen.clear(), 0));
            await().until(() -> isReported(pipe.source()));
            Bytes.write(pipe.sink(), "x");
            assertThat(first.get()).isEqualTo(1);
            assertThat(isReported(pipe.source())).as("after little").isTrue();

            Bytes.write(pipe.sink(), "y".repeat(MUCH));
            assertThat(OnThread.VIRTUAL.call(() -> pipe.source().peek(seen.clear(), 1)).get()).isEqualTo(MUCH + 1);
            assertThat(isReported(pipe.source())).as("after much").isFalse();

            Running<Integer> waiting = OnThread.VIRTUAL.call(() -> pipe.source().peek(seen.clear(), MUCH + 1));
            await().until(() -> isReported(pipe.source()));
            Bytes.write(pipe.sink(), "z");
            assertThat(waiting.get()).isEqualTo(MUCH + 2);
        }
    }

    /** As the kernel has it: see proc(5), fdinfo of an epoll file descriptor. */
    private static boolean isReported(Descriptor descriptor) throws IOException {
        String number = String.valueOf(descriptor.<Integer>control(fd -> fd));
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path each : all.toList()) {
                for (String line : lines(each)) {
                    String[] words = line.split("\\s+"); // tfd: 4 events: 19 data: ...
                    if (words[0].equals("tfd:") && words[1].equals(number)) {
                        return (Integer.parseUnsignedInt(words[3], 16) & ARRIVAL) != 0;
                    }
                }
            }
        }
        return false;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException closed) {
            return List.of();
        }
    }
}
