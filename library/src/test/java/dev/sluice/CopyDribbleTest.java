// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that comes byte by byte. */
@ExtendWith(NothingLeft.class)
class CopyDribbleTest {
    private static final int SIZE = 1 << 20;
    private static final int PIPEFUL = 64 * 1024;
    private static final int ROUNDS = 2;
    private static final byte[] BYTES = Bytes.noise(SIZE, 10);

    /** What moves the bytes from the one pipe to the other. */
    private interface Mover {
        void move(Descriptor from, Descriptor to) throws IOException;
    }

    /**
     * Splicing would fill the destination with sixteen bytes, and take a system call for each. The least time of a few
     * rounds each, by turns, since others use this machine too.
     */
    @ParameterizedTest
    @EnumSource
    void aDribbleIsCopiedAsFastAsByReadingAndWriting(OnThread kind) throws Exception {
        long least = Long.MAX_VALUE;
        long leastByHand = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            leastByHand = Math.min(leastByHand, nanos(kind, CopyDribbleTest::readAndWrite));
            least = Math.min(least, nanos(kind, CopyDribbleTest::copy));
        }
        assertThat((double) least / leastByHand).as("time in proportion").isLessThan(2);
    }

    private static void copy(Descriptor from, Descriptor to) throws IOException {
        CopyResult result = Copy.from(from).to(to).run();
        assertThat(result.bytes()).isEqualTo(SIZE);
    }

    private static void readAndWrite(Descriptor from, Descriptor to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(128 * 1024);
        while (from.read(buffer.clear()) >= 0) {
            to.write(buffer.flip());
        }
    }

    private static long nanos(OnThread kind, Mover mover) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            long start = System.nanoTime();
            Running<Boolean> mine = kind.run(() -> {
                mover.move(from.source(), to.sink());
                to.sink().close();
            });
            Running<Boolean> feeder = OnThread.PLATFORM.run(() -> {
                ByteBuffer one = ByteBuffer.wrap(BYTES);
                while (one.position() < SIZE) {
                    one.limit(one.position() + 1);
                    from.sink().write(one);
                }
                from.sink().close();
            });
            byte[] got = Bytes.readAll(to.source());
            long nanos = System.nanoTime() - start;
            mine.get();
            feeder.get();
            assertThat(Arrays.mismatch(got, BYTES)).as("first wrong byte").isEqualTo(-1);
            return nanos;
        }
    }

    /** A stream changes its ways, and the copy with it: little is copied, much is spliced, and little copied again. */
    @ParameterizedTest
    @EnumSource
    void theWayFollowsTheFlow(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Copy copy = Copy.from(from.source()).to(to.sink()).keepPipeCapacity();
            Running<CopyResult> running = kind.call(copy::run);
            for (int i = 0; i < 10; i++) {
                passOn(from, to, copy, 100);
            }
            assertThat(copy.transferred() - copy.spliced()).as("copied of the little").isGreaterThanOrEqualTo(900);

            long splicedBefore = copy.spliced();
            Running<Boolean> feeder = kind.run(() -> from.sink().write(ByteBuffer.allocate(SIZE)));
            // Nobody reads: once the pipe at the source is full as well, there is much to be had at a time.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Libc.available(from.source()) == PIPEFUL && running.isWaiting());
            readFully(to.source(), SIZE);
            feeder.get();
            await(copy, 1_000 + SIZE);
            assertThat(copy.spliced()).as("spliced of the much").isGreaterThan(splicedBefore + PIPEFUL);

            long copiedBefore = copy.transferred() - copy.spliced();
            for (int i = 0; i < 10; i++) {
                passOn(from, to, copy, 100);
            }
            from.sink().close();
            CopyResult result = running.get();
            assertThat(result.copied() - copiedBefore).as("copied of the little").isGreaterThanOrEqualTo(900);
            assertThat(result.bytes()).isEqualTo(2_000 + SIZE);
        }
    }

    private static void passOn(Pipe from, Pipe to, Copy copy, int length) throws IOException {
        long next = copy.transferred() + length;
        from.sink().write(ByteBuffer.allocate(length));
        readFully(to.source(), length);
        await(copy, next);
    }

    private static void await(Copy copy, long transferred) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> copy.transferred() == transferred);
    }

    private static void readFully(Descriptor from, int length) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(length);
        while (all.hasRemaining()) {
            assertThat(from.read(all)).isPositive();
        }
    }
}
