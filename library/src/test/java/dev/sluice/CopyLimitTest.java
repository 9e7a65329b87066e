// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of so many bytes and no more. */
@ExtendWith(NothingLeft.class)
class CopyLimitTest {
    /** Of what there is: little, so that it is copied, and enough to be spliced, with an odd rest. */
    private static final List<Integer> SIZES = List.of(42, 9_001);

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.sluice.CopyEnd#pairs")
    void whatIsBeyondTheLimitStaysInTheSource(Source source, Destination destination, OnThread kind) throws Exception {
        for (int size : SIZES) {
            for (int limit : List.of(0, 1, size / 2, size - 1, size, size + 1)) {
                check(source, destination, kind, size, limit);
            }
        }
    }

    private void check(Source source, Destination destination, OnThread kind, int size, int limit) throws Exception {
        byte[] bytes = Bytes.noise(size, limit);
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            from.peer().write(ByteBuffer.wrap(bytes));
            from.peer().close();
            Running<CopyResult> copy = kind.call(() -> {
                CopyResult result =
                        Copy.from(from.ours()).to(to.ours()).limit(limit).run();
                to.ours().close();
                return result;
            });
            CopyResult result = copy.get();
            int expected = Math.min(size, limit);
            assertThat(result.end())
                    .as("limit %d of %d", limit, size)
                    .isEqualTo(limit <= size ? CopyResult.End.LIMIT : CopyResult.End.END_OF_SOURCE);
            assertThat(result.bytes()).isEqualTo(expected);
            assertThat(result.inTransit()).isZero();
            if (destination != Destination.NULL) {
                assertThat(Bytes.readAll(to.peer())).isEqualTo(Arrays.copyOf(bytes, expected));
            }
            assertThat(Bytes.readAll(from.ours())).isEqualTo(Arrays.copyOfRange(bytes, expected, size));
        }
    }

    /** A source without an end, and a limit in the middle of a round. */
    @ParameterizedTest
    @EnumSource
    void aLimitIsKeptToTheByteInALongFlow(OnThread kind) throws Exception {
        long limit = (3 << 20) + 12_345;
        for (Destination destination : List.of(Destination.PIPE, Destination.FILE, Destination.NULL)) {
            try (Descriptor zero = Descriptor.open(Path.of("/dev/zero"));
                    CopyEnd to = destination.open(folder)) {
                Running<CopyResult> copy = kind.call(() -> {
                    CopyResult result =
                            Copy.from(zero).to(to.ours()).limit(limit).run();
                    to.ours().close();
                    return result;
                });
                if (destination == Destination.PIPE) {
                    assertThat(Bytes.readAll(to.peer())).hasSize((int) limit).containsOnly(0);
                }
                assertThat(copy.get().end()).isEqualTo(CopyResult.End.LIMIT);
                assertThat(copy.get().bytes()).isEqualTo(limit);
            }
        }
    }

    /** Each run has the whole limit: so a stream is dealt out in pieces. */
    @ParameterizedTest
    @EnumSource
    void eachRunHasTheLimitAnew(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(10_000, 5);
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            from.sink().write(ByteBuffer.wrap(bytes));
            from.sink().close();
            Copy copy = Copy.from(from.source()).to(to.sink()).limit(4_000);
            assertThat(kind.call(copy::run).get().bytes()).isEqualTo(4_000);
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            to.sink().close();
            assertThat(Bytes.readAll(to.source())).isEqualTo(bytes);
        }
    }

    /** What an earlier run left in transit counts as well, and goes out as far as the limit lets it. */
    @ParameterizedTest
    @EnumSource
    void theLimitHoldsForWhatIsInTransit(OnThread kind) throws Exception {
        try (CopyEnd from = Source.FILE.open(folder);
                CopyEnd to = Destination.PIPE.open(folder)) {
            StalledCopy stalled = new StalledCopy(Source.FILE, from, to, kind);
            stalled.running.interrupt();
            CopyResult first = stalled.running.get();
            assertThat(first.inTransit()).isGreaterThan(10_000);

            byte[] got = new byte[(int) first.bytes() + 10_000];
            ByteBuffer buffer = ByteBuffer.wrap(got);
            Running<CopyResult> second = kind.call(() -> stalled.copy.limit(10_000).run());
            while (buffer.hasRemaining()) {
                to.peer().read(buffer);
            }
            assertThat(second.get().end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(second.get().bytes()).isEqualTo(10_000);
            assertThat(second.get().inTransit()).isEqualTo(first.inTransit() - 10_000);
            assertThat(Arrays.mismatch(got, Arrays.copyOf(stalled.bytes, got.length))).isEqualTo(-1);
        }
    }

    /** A limit that is reached needs no more of the source, not even its end. */
    @ParameterizedTest
    @EnumSource
    void aQuietSourceIsNotAskedForMoreThanTheLimit(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Copy copy = Copy.from(from.source()).to(to.sink());
            assertThat(kind.call(copy.limit(0)::run).get().end()).isEqualTo(CopyResult.End.LIMIT);
            Bytes.write(from.sink(), "five!");
            assertThat(kind.call(copy.limit(5)::run).get().end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(Bytes.read(to.source())).isEqualTo("five!");
        }
    }

    @Test
    void refusesLessThanNothing() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Copy copy = Copy.from(pipe.source()).to(pipe.sink());
            assertThatIllegalArgumentException().isThrownBy(() -> copy.limit(-1));
        }
    }
}
