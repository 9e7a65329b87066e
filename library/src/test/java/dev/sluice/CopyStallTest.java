// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies to a destination that takes no more. */
@ExtendWith(NothingLeft.class)
class CopyStallTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.sluice.CopyEnd#livePairs")
    void theReaderGoes(Source source, Destination destination, OnThread kind) throws Exception {
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            StalledCopy stalled = new StalledCopy(source, from, to, kind);
            to.leave(destination);
            CopyResult result = stalled.running.get();
            assertThat(result.end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
            checkRest(stalled, result);
            boolean betweenSockets = source.isSocket() && destination.isSocket();
            assertThat(result.inTransit()).isBetween(0L, betweenSockets ? 1L << 20 : 128L * 1024);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.CopyEnd#livePairs")
    void theThreadIsInterruptedAndTheNextRunDeliversTheRest(Source source, Destination destination, OnThread kind)
            throws Exception {
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            StalledCopy stalled = new StalledCopy(source, from, to, kind);
            stalled.running.interrupt();
            CopyResult first = stalled.running.get();
            assertThat(first.end()).isEqualTo(CopyResult.End.INTERRUPTED);

            Running<CopyResult> again = kind.call(() -> {
                CopyResult result = stalled.copy.run();
                to.ours().close();
                return result;
            });
            byte[] got = Bytes.readAll(to.peer());
            assertThat(Arrays.mismatch(got, stalled.bytes)).as("first wrong byte").isEqualTo(-1);
            CopyResult second = again.get();
            assertThat(second.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(first.bytes() + second.bytes()).isEqualTo(StalledCopy.SIZE);
            assertThat(second.inTransit()).isZero();
        }
    }

    /** What was not delivered stays in the source, but for what was in transit; not a byte is missing. */
    private static void checkRest(StalledCopy stalled, CopyResult result) throws Exception {
        byte[] rest = Bytes.readAll(stalled.from.ours());
        stalled.feeder.get();
        int taken = Math.toIntExact(result.bytes() + result.inTransit());
        assertThat(Arrays.mismatch(rest, Arrays.copyOfRange(stalled.bytes, taken, StalledCopy.SIZE)))
                .as("first wrong byte")
                .isEqualTo(-1);
    }

    /** All at once: if one of them asked again and again, the whole process would show it. */
    @Test
    void standingStillCostsNothing() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        List<StalledCopy> stalled = new ArrayList<>();
        try {
            for (Arguments pair : CopyEnd.livePairs().toList()) {
                Source source = (Source) pair.get()[0];
                CopyEnd from = source.open(folder);
                open.add(from);
                CopyEnd to = ((Destination) pair.get()[1]).open(folder);
                open.add(to);
                stalled.add(new StalledCopy(source, from, to, (OnThread) pair.get()[2]));
            }
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(300))).isLessThan(Duration.ofMillis(15).toNanos());
            assertThat(stalled).allSatisfy(one -> assertThat(one.running.isDone()).isFalse());
        } finally {
            for (AutoCloseable end : open) {
                end.close();
            }
        }
        for (StalledCopy one : stalled) {
            one.feeder.interrupt();
            assertThat(one.running.get().end()).isIn(CopyResult.End.CLOSED, CopyResult.End.DESTINATION_GONE);
        }
    }

    /** A full pipe, and a source that has ended: splice(2) answers as if there was nothing to read yet. */
    @ParameterizedTest
    @EnumSource
    void theSourceEndsWhileTheDestinationIsFull(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            int before = Bytes.fill(to.sink());
            Bytes.write(from.sink(), "the last word");
            from.sink().close();
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(to.sink()).run()).awaitWaiting();
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(50))).isLessThan(Duration.ofMillis(10).toNanos());
            assertThat(copy.isDone()).isFalse();
            ByteBuffer taken = ByteBuffer.allocate(before);
            while (taken.hasRemaining()) {
                to.source().read(taken);
            }
            assertThat(Bytes.read(to.source())).isEqualTo("the last word");
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    /** Nothing at all to deliver, and no room for it either: the end is the end once there is room. */
    @ParameterizedTest
    @EnumSource
    void anEmptySourceEndsWhileTheDestinationIsFull(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Bytes.fill(to.sink());
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(to.sink()).run()).awaitWaiting();
            from.sink().close();
            Running<byte[]> reader = kind.call(() -> Bytes.readAll(to.source()));
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            to.sink().close();
            reader.get();
        }
    }

    /** Its pages are taken one by one, and each frees no more than one slot. */
    @ParameterizedTest
    @EnumSource
    void theReaderTakesLittleAtATime(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            StalledCopy stalled = new StalledCopy(
                    Source.PIPE, CopyEnd.of(from.source(), from.sink()), CopyEnd.of(to.sink(), to.source()), kind);
            byte[] got = new byte[StalledCopy.SIZE];
            for (int done = 0; done < got.length; ) {
                done += to.source().read(ByteBuffer.wrap(got, done, Math.min(3_001, got.length - done)));
            }
            assertThat(Arrays.mismatch(got, stalled.bytes)).isEqualTo(-1);
            assertThat(stalled.running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }
}
