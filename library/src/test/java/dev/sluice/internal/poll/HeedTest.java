// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.net.Sockets;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Readiness that is reported only while somebody waits for it. */
class HeedTest {
    private static final long BYTES = 256 << 20;
    private static final int MOST = 64 << 10;
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

    /** Each side takes its readiness away as the other one begins to wait for its own. */
    @Test
    void twoSidesThatAreBusyMissNothing() throws Exception {
        OpenDescriptor[] pair = Sockets.pair(Kind.STREAM_SOCKET, Constants.SOCK_STREAM);
        List<Running<Boolean>> all = new ArrayList<>();
        for (OpenDescriptor end : pair) {
            all.add(OnThread.VIRTUAL.run(() -> move(end.readSide(), Attempts::read)));
            all.add(OnThread.VIRTUAL.run(() -> move(end.writeSide(), Attempts::write)));
        }
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().allMatch(Running::isDone));
            for (Running<Boolean> each : all) {
                each.get();
            }
        } finally {
            pair[0].close();
            pair[1].close();
        }
    }

    private interface Attempt {
        long run(Side side, long address, long length);
    }

    private static void move(Side side, Attempt attempt) throws IOException {
        SplittableRandom random = new SplittableRandom(side.events());
        side.begin();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(MOST);
            side.setBusy(true);
            for (long left = BYTES; left > 0; ) {
                side.prepare();
                long count = attempt.run(side, bytes.address(), Math.min(left, random.nextLong(1, MOST)));
                assertThat(count == -Errno.EAGAIN || count > 0).as("%d", count).isTrue();
                left -= Math.max(0, count);
                if (count < 0) {
                    side.await();
                }
            }
        } finally {
            side.end();
        }
    }
}
