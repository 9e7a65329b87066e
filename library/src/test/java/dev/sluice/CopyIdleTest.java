// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;

/** What copies cost that have nothing to do. */
@ExtendWith(NothingLeft.class)
class CopyIdleTest {
    @TempDir
    Path folder;

    /** All kinds at once, some of which have copied before: if one asked again and again, the process would show it. */
    @Test
    void quietCopiesCostNothing() throws Exception {
        List<QuietCopy> quiet = new ArrayList<>();
        List<CopyEnd> ends = new ArrayList<>();
        try {
            for (Arguments pair : CopyEndingTest.quiet().toList()) {
                for (int traffic : List.of(0, 42, 9_000)) {
                    CopyEnd from = ((Source) pair.get()[0]).open(folder);
                    ends.add(from);
                    CopyEnd to = ((Destination) pair.get()[1]).open(folder);
                    ends.add(to);
                    quiet.add(new QuietCopy(from, to, (OnThread) pair.get()[2], traffic));
                }
            }
            quiet.forEach(copy -> copy.running.awaitWaiting());
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(500))).isLessThan(Duration.ofMillis(15).toNanos());
            assertThat(quiet).allSatisfy(copy -> assertThat(copy.running.isDone()).isFalse());
        } finally {
            quiet.forEach(QuietCopy::close);
            for (CopyEnd end : ends) {
                end.close();
            }
        }
    }

    /** Each has had a pipe, for as long as bytes were in it. */
    @ParameterizedTest
    @EnumSource
    void quietConnectionsHoldNoPipe(OnThread kind) throws Exception {
        int connections = kind == OnThread.VIRTUAL ? 200 : 20;
        byte[] bytes = Bytes.noise(1_500_000, 21);
        List<CopyEnd> ends = new ArrayList<>();
        List<Running<CopyResult>> quiet = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                CopyEnd from = Source.UNIX.open(folder);
                ends.add(from);
                CopyEnd to = Destination.UNIX.open(folder);
                ends.add(to);
                Running<Boolean> feeder = kind.run(() -> from.peer().write(ByteBuffer.wrap(bytes)));
                feeder.awaitWaiting();
                Running<byte[]> reader = kind.call(() -> readFully(to.peer(), bytes.length));
                Copy copy = Copy.from(from.ours()).to(to.ours());
                quiet.add(kind.call(copy::run));
                assertThat(Arrays.mismatch(reader.get(), bytes)).isEqualTo(-1);
                assertThat(copy.spliced()).as("through a pipe").isPositive();
            }
            quiet.forEach(Running::awaitWaiting);
            assertThat(PipePool.usedNow()).isZero();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> PipePool.openNow() == 0);
            assertThat(quiet).noneMatch(Running::isDone);
        } finally {
            quiet.forEach(Running::interrupt);
            for (CopyEnd end : ends) {
                end.close();
            }
        }
    }

    private static byte[] readFully(Descriptor from, int length) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(length);
        while (all.hasRemaining() && from.read(all) >= 0) {
            // more
        }
        return all.array();
    }

    /** More than there are carriers, by far: each still copies when its time comes, and so does everybody else. */
    @Test
    void hundredsOfQuietCopiesHoldNoCarrier() throws Exception {
        List<CopyEnd> ends = new ArrayList<>();
        List<QuietCopy> quiet = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                CopyEnd from = Source.PIPE.open(folder);
                ends.add(from);
                CopyEnd to = Destination.PIPE.open(folder);
                ends.add(to);
                quiet.add(new QuietCopy(from, to, OnThread.VIRTUAL, 0));
            }
            quiet.forEach(copy -> copy.running.awaitWaiting());
            assertThat(OnThread.VIRTUAL.call(() -> "others run").get()).isEqualTo("others run");
            for (QuietCopy copy : quiet) {
                Bytes.write(copy.from.peer(), "now");
                assertThat(Bytes.read(copy.to.peer())).isEqualTo("now");
                copy.from.peer().close();
                assertThat(copy.running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            }
        } finally {
            for (CopyEnd end : ends) {
                end.close();
            }
        }
    }
}
