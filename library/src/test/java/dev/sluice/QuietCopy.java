// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A copy that has copied what there was, and waits for a source that says no more. */
final class QuietCopy implements AutoCloseable {
    static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    static final int ATTEMPTS = 4;

    final CopyEnd from;
    final CopyEnd to;
    final Copy copy;
    final Running<CopyResult> running;
    private volatile long ended;
    private volatile boolean leftInterrupted;

    /** What is done to it, to end it. */
    interface Ending {
        void run(QuietCopy quiet) throws Exception;
    }

    QuietCopy(CopyEnd from, CopyEnd to, OnThread kind, int traffic) throws IOException {
        this.from = from;
        this.to = to;
        this.copy = Copy.from(from.ours()).to(to.ours());
        if (traffic > 0) {
            from.peer().write(ByteBuffer.wrap(Bytes.noise(traffic, traffic)));
        }
        this.running = kind.call(() -> {
            CopyResult result = copy.run();
            ended = System.nanoTime();
            leftInterrupted = Thread.interrupted();
            return result;
        });
        Awaitility.await("the traffic is copied")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> copy.transferred() == traffic);
    }

    /** Whether the thread was interrupted when the copy had ended. */
    boolean leftInterrupted() {
        return leftInterrupted;
    }

    /**
     * Does the same to a few copies until one ends within 100 ms: the others may have had to wait for a processor. Each
     * of them must end, and in the same way.
     */
    static void endsPromptly(
            Source source,
            Destination destination,
            Path folder,
            OnThread kind,
            int traffic,
            Ending ending,
            CopyResult.End expected)
            throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && least > PROMPT_NANOS; i++) {
            try (CopyEnd from = source.open(folder);
                    CopyEnd to = destination.open(folder);
                    QuietCopy quiet = new QuietCopy(from, to, kind, traffic)) {
                quiet.running.awaitWaiting();
                long start = System.nanoTime();
                ending.run(quiet);
                CopyResult result = quiet.running.get();
                least = Math.min(least, quiet.ended - start);
                assertThat(result.end()).isEqualTo(expected);
                assertThat(result.bytes()).isEqualTo(traffic);
                assertThat(result.inTransit()).isZero();
                assertThat(quiet.leftInterrupted()).isEqualTo(expected == CopyResult.End.INTERRUPTED);
            }
        }
        assertThat(Duration.ofNanos(least)).as("from its reason to the end").isLessThan(Duration.ofNanos(PROMPT_NANOS));
    }

    @Override
    public void close() {
        running.interrupt();
    }
}
