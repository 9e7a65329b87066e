// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.CpuTime;
import dev.sluice.testing.LiveThreads;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 5,000 opens that wait for a peer, on the two carrier threads that these tests have. */
@ExtendWith(NothingLeft.class)
class FifoManyTest {
    private static final int MANY = 5_000;
    private static final int FIFOS = 125;

    @TempDir
    private Path folder;

    static List<OpenOption> sides() {
        return List.of(READ, WRITE);
    }

    @ParameterizedTest
    @MethodSource("sides")
    void thousandsOfPendingOpensHoldNoThreadAndLittleCpu(OpenOption side) throws Exception {
        // Of several FIFOs: whoever opens or closes one makes the kernel look at all who wait for that one.
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < FIFOS; i++) {
            paths.add(folder.resolve("fifo" + i));
            Fifo.create(paths.get(i));
        }
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        long threadsBefore = LiveThreads.kernelThreads();

        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Path path = paths.get(i % FIFOS);
            threads.add(Thread.ofVirtual().start(() -> {
                try (Fifo fifo = Fifo.connect(path, side)) {
                    opened.incrementAndGet();
                } catch (InterruptedIOException expected) {
                    interrupted.incrementAndGet();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }));
        }
        for (Thread thread : threads) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        // The two carriers and the JDK's own timer may have come.
        assertThat(LiveThreads.kernelThreads()).isLessThan(threadsBefore + 10);

        // All carriers are free for others.
        try (Pipe pipe = Pipe.open()) {
            Running<String> reading = OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            assertThat(OnThread.VIRTUAL.run(() -> Bytes.write(pipe.sink(), "through")).get()).isTrue();
            assertThat(reading.get()).isEqualTo("through");
        }
        assertThat(CpuTime.share(Duration.ofSeconds(1), "ForkJoinPool.*", "sluice-.*", "VirtualThread-.*"))
                .as("processors that look for a peer")
                .isLessThan(0.3);

        // Half is given up, the other half finds its peer.
        for (int i = 0; i < MANY; i += 2) {
            threads.get(i).interrupt();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> interrupted.get() == MANY / 2);
        assertThat(opened.get()).isZero();
        List<Fifo> peers = new ArrayList<>();
        for (Path path : paths) {
            peers.add(Fifo.open(path, READ, WRITE));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
        for (Fifo peer : peers) {
            peer.close();
        }
        assertThat(opened.get()).isEqualTo(MANY / 2);
    }
}
