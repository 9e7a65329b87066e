// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that comes byte by byte. */
@ExtendWith(NothingLeft.class)
class CopyDribbleTest {
    private static final int SIZE = 1 << 20;
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
}
