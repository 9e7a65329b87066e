// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of source to every kind of destination, in amounts around those at which something changes. */
@ExtendWith(NothingLeft.class)
class CopyMatrixTest {
    private static final int[] SIZES = {0, 1, 42, 1025, 4097, 32_769, 65_535, 65_536, 65_537, (1 << 20) + 7};
    private static final int PIPE_CAPACITY = 65_536;
    private static final int LARGEST_DRIBBLE = 2_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.sluice.CopyEnd#pairs")
    void inOneBurst(Source source, Destination destination, OnThread kind) throws Exception {
        for (int size : SIZES) {
            byte[] bytes = Bytes.noise(size, size);
            try (CopyEnd from = source.open(folder);
                    CopyEnd to = destination.open(folder)) {
                Running<Boolean> feeder = kind.run(() -> {
                    from.peer().write(ByteBuffer.wrap(bytes));
                    from.peer().close();
                });
                awaitFirst(source, from, size, feeder);
                CopyResult result = copy(from, to, destination, kind, bytes);
                feeder.get();
                checkWay(source, destination, size, result);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.CopyEnd#pairs")
    void inDribbles(Source source, Destination destination, OnThread kind) throws Exception {
        for (int size : SIZES) {
            byte[] bytes = Bytes.noise(size, size);
            try (CopyEnd from = source.open(folder);
                    CopyEnd to = destination.open(folder)) {
                Running<Boolean> feeder = kind.run(() -> {
                    dribble(from.peer(), bytes);
                    from.peer().close();
                });
                awaitFirst(source, from, 0, feeder);
                CopyResult result = copy(from, to, destination, kind, bytes);
                feeder.get();
                assertThat(result.refusals()).isEqualTo(refusals(source, destination, size));
            }
        }
    }

    private static void dribble(Descriptor to, byte[] bytes) throws IOException {
        Random random = new Random(bytes.length);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), 1 + random.nextInt(LARGEST_DRIBBLE));
            to.write(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
    }

    /** Waits until as much is there as can be before anybody reads: in a terminal, that is for the kernel to say. */
    private static void awaitFirst(Source source, CopyEnd from, int size, Running<Boolean> feeder) throws Exception {
        if (!source.isLive()) {
            feeder.get();
            return;
        }
        int first = Math.min(size, source.isPipe() ? PIPE_CAPACITY : 1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Libc.available(from.ours()) >= first);
    }

    private static CopyResult copy(CopyEnd from, CopyEnd to, Destination destination, OnThread kind, byte[] bytes)
            throws Exception {
        Running<CopyResult> copy = kind.call(() -> {
            CopyResult result = Copy.from(from.ours()).to(to.ours()).run();
            to.ours().close();
            return result;
        });
        @Nullable Running<byte[]> reader = destination.isLive() ? kind.call(() -> Bytes.readAll(to.peer())) : null;
        CopyResult result = copy.get();
        assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        assertThat(result.bytes()).isEqualTo(bytes.length).isEqualTo(result.spliced() + result.copied());
        assertThat(result.inTransit()).isZero();
        if (destination != Destination.NULL) {
            byte[] got = reader != null ? reader.get() : Bytes.readAll(to.peer());
            assertThat(Arrays.mismatch(got, bytes)).as("first wrong byte").isEqualTo(-1);
        }
        return result;
    }

    private static void checkWay(Source source, Destination destination, int size, CopyResult result) {
        assertThat(result.refusals()).isEqualTo(refusals(source, destination, size));
        if (source == Source.FILE && destination == Destination.FILE) {
            assertThat(result.spliced()).as("by copy_file_range").isEqualTo(size);
        } else if (source == Source.FILE && destination.isSocket()) {
            assertThat(result.spliced()).as("by sendfile").isEqualTo(size);
        } else if (source.isSocket() && destination.isSocket()) {
            assertThat(result.copied()).as("first read and written").isGreaterThanOrEqualTo(Math.min(size, 1));
        } else if (!splices(source, destination)) {
            assertThat(result.copied()).as("read and written").isEqualTo(size);
        } else if (source == Source.TERMINAL || source.isSocket() || destination == Destination.TERMINAL) {
            assertThat(result.spliced()).as("spliced").isGreaterThanOrEqualTo(Math.min(size, 1));
        } else {
            assertThat(result.spliced()).as("spliced").isGreaterThanOrEqualTo(Math.min(size, PIPE_CAPACITY));
        }
    }

    // The sockets are in blocking mode, and a splice would block in them.
    private static boolean splices(Source source, Destination destination) {
        if (source == Source.SOCKET || destination == Destination.SOCKET || destination == Destination.APPENDED_FILE) {
            return false;
        }
        return source.isPipe() || ((source == Source.TERMINAL || source.isSocket()) && destination.isPipe());
    }

    /** What the kernel refuses: to splice or copy_file_range into a file that is appended to. */
    private static int refusals(Source source, Destination destination, int size) {
        if (source == Source.FILE && destination == Destination.FILE) {
            return size == 0 ? 1 : 0; // it looks like a file that has no size
        }
        return destination == Destination.APPENDED_FILE && (source.isPipe() || source == Source.FILE) ? 1 : 0;
    }
}
