// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.net.Sockets;
import dev.sluice.testing.OnThread;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Readiness that is reported only while somebody waits for it. */
class HeedTest {
    private static final long SHORTLY = Duration.ofMillis(100).toNanos();

    /** To ask for readiness reports what is there already once more, and a half-close is there for good. */
    @Test
    void aHalfCloseIsNotReportedAgainAtEachWait() throws Exception {
        OpenDescriptor[] pair = Sockets.pair(Kind.STREAM_SOCKET, Constants.SOCK_STREAM);
        OpenDescriptor ours = pair[0];
        Sockets.shutdownWrite(pair[1]);
        Side watch = ours.addWatch();
        Side side = ours.writeSide();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(1 << 16);
            boolean told = OnThread.VIRTUAL
                    .call(() -> {
                        side.begin();
                        try {
                            side.setBusy(true);
                            while (Attempts.write(side, bytes.address(), bytes.byteSize()) > 0) {
                                // until it is full
                            }
                            for (int i = 0; i < 3; i++) {
                                watch.prepare();
                                side.prepare();
                                Waiting.await(side, side.events(), Deadline.after(SHORTLY));
                            }
                            return watch.latch().isReady();
                        } finally {
                            side.end();
                        }
                    })
                    .get();
            assertThat(told).isFalse();
        } finally {
            ours.removeWatch(watch);
            ours.close();
            pair[1].close();
        }
    }
}
