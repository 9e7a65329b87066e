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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Long flows: what is right for a moment must be right for as long as it takes. */
@ExtendWith(NothingLeft.class)
class CopyLargeTest {
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(Source.PIPE, Destination.PIPE, OnThread.VIRTUAL),
                Arguments.of(Source.PIPE, Destination.PIPE, OnThread.PLATFORM),
                Arguments.of(Source.PIPE, Destination.FILE, OnThread.VIRTUAL),
                Arguments.of(Source.FILE, Destination.PIPE, OnThread.PLATFORM),
                Arguments.of(Source.FILE, Destination.FILE, OnThread.VIRTUAL),
                Arguments.of(Source.CHILD, Destination.CHILD, OnThread.VIRTUAL));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void manyMegabytes(Source source, Destination destination, OnThread kind) throws Exception {
        check(source, destination, kind, 64L << 20);
    }

    @Tag("long")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @MethodSource("pairs")
    void aGigabyte(Source source, Destination destination, OnThread kind) throws Exception {
        check(source, destination, kind, 1L << 30);
    }

    private void check(Source source, Destination destination, OnThread kind, long size) throws Exception {
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            Running<Long> feeder = OnThread.PLATFORM.call(() -> feed(from.peer(), size));
            if (!source.isLive()) {
                feeder.get();
            }
            Running<CopyResult> copy = kind.call(() -> {
                CopyResult result = Copy.from(from.ours()).to(to.ours()).run();
                to.ours().close();
                return result;
            });
            if (!destination.isLive()) {
                copy.get();
            }
            long got = checksum(to.peer());
            CopyResult result = copy.get();
            assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(result.bytes()).isEqualTo(size);
            assertThat(got).as("checksum").isEqualTo(feeder.get());
            if (source == Source.FILE) {
                assertThat(result.spliced()).isEqualTo(destination == Destination.FILE ? size : 0);
            } else {
                assertThat(result.spliced()).as("most of it is spliced").isGreaterThan(size / 2);
            }
        }
    }

    /** Blocks that differ from each other: answers the checksum of all. */
    private static long feed(Descriptor to, long size) throws IOException {
        ByteBuffer block = ByteBuffer.wrap(Bytes.noise(BLOCK, size));
        CRC32C checksum = new CRC32C();
        for (long done = 0; done < size; done += BLOCK) {
            block.putLong(0, done);
            checksum.update(block.clear());
            to.write(block.clear());
        }
        to.close();
        return checksum.getValue();
    }

    private static long checksum(Descriptor from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        CRC32C checksum = new CRC32C();
        while (from.read(buffer.clear()) >= 0) {
            checksum.update(buffer.flip());
        }
        return checksum.getValue();
    }
}
