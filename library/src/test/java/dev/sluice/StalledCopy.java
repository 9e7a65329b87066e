// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A copy of more than its destination takes, which has come to a stand because nobody reads there. */
final class StalledCopy {
    /** More than all that there is between the writer and the reader. */
    static final int SIZE = 1 << 20;

    private static final int STEADY_LOOKS = 5;

    final byte[] bytes = Bytes.noise(SIZE, 3);
    final CopyEnd from;
    final Copy copy;
    final Running<Boolean> feeder;
    final Running<CopyResult> running;

    StalledCopy(Source source, CopyEnd from, CopyEnd to, OnThread kind) throws Exception {
        this.from = from;
        this.copy = Copy.from(from.ours()).to(to.ours()).keepPipeCapacity();
        this.feeder = kind.run(() -> feed(source));
        if (!source.isLive()) {
            feeder.get();
        }
        this.running = kind.call(copy::run);
        awaitStandstill();
    }

    private void feed(Source source) throws IOException {
        from.peer().write(ByteBuffer.wrap(bytes));
        if (source.isLive()) {
            from.peer().close();
        }
    }

    private void awaitStandstill() {
        int[] steady = new int[1];
        long[] last = new long[1];
        Awaitility.await("the destination is full")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    long now = copy.transferred();
                    boolean still = now > 0 && now == last[0] && waits(feeder) && waits(running);
                    steady[0] = still ? steady[0] + 1 : 0;
                    last[0] = now;
                    return steady[0] >= STEADY_LOOKS;
                });
    }

    private static boolean waits(Running<?> work) {
        return work.isDone() || work.isWaiting();
    }
}
