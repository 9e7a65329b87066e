// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.SocketFlow.Family;
import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies between stream sockets that go through a pipe, and what becomes of the bytes in it. */
@ExtendWith(NothingLeft.class)
class CopySocketsTest {
    static Stream<Arguments> pairs() {
        return Stream.of(OnThread.values())
                .flatMap(kind -> Stream.of(Family.values()).flatMap(from -> Stream.of(Family.values())
                        .map(to -> Arguments.of(from, to, kind))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aFlowGoesThroughAPipe(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.read(SocketFlow.SIZE);
            CopyResult result = copy.get();
            assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(result.spliced()).isGreaterThan(SocketFlow.SIZE / 4);
            assertThat(result.copied()).as("it begins with a buffer").isPositive();
            assertThat(result.bytes()).isEqualTo(SocketFlow.SIZE);
            assertThat(result.refusals()).isZero();
            assertThat(result.inTransit()).isZero();
        }
    }

    /** A little at a time, so that each drain of the pipe is short. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aSlowReaderGetsEverything(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.stallInPipe(copy);
            for (int i = 0; i < 100; i++) {
                flow.read(3_001);
            }
            flow.readTo(SocketFlow.SIZE);
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().bytes()).isEqualTo(SocketFlow.SIZE);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatAnInterruptLeavesInThePipeIsDeliveredNext(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.stallInPipe(copy);
            copy.interrupt();
            CopyResult first = copy.get();
            assertThat(first.end()).isEqualTo(CopyResult.End.INTERRUPTED);
            assertThat(first.inTransit()).isBetween(1L, 1L << 20);

            Running<CopyResult> limited =
                    kind.call(() -> flow.copy.limit(first.inTransit() - 1).run());
            flow.readTo((int) (first.bytes() + first.inTransit() - 1));
            assertThat(limited.get().end()).isEqualTo(CopyResult.End.LIMIT);
            assertThat(limited.get().inTransit()).isEqualTo(1);
            assertThat(limited.get().copied()).isEqualTo(first.inTransit() - 1);

            Running<CopyResult> rest =
                    kind.call(() -> flow.copy.limit(Long.MAX_VALUE).run());
            flow.readTo(SocketFlow.SIZE);
            assertThat(rest.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(first.bytes() + limited.get().bytes() + rest.get().bytes()).isEqualTo(SocketFlow.SIZE);
        }
    }

    /** Nothing is lost: what was in the pipe can still be read, and the rest is still in the source. */
    @ParameterizedTest
    @MethodSource("pairs")
    void whatAGoneDestinationDidNotTakeIsReadNext(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            InputStream in = flow.source.inputStream();
            OutputStream out = flow.destination.outputStream();
            Running<Long> transfer = kind.call(() -> in.transferTo(out));
            flow.read(3 << 20); // far more than goes by the buffer
            flow.readingEnd.abort();
            assertThat(transfer.failure()).hasMessageContaining("EPIPE");
            byte[] rest = kind.call(in::readAllBytes).get();
            assertThat(rest).hasSizeLessThan(SocketFlow.SIZE - flow.read() + 1);
            int start = SocketFlow.SIZE - rest.length;
            assertThat(Arrays.mismatch(rest, Arrays.copyOfRange(flow.bytes, start, SocketFlow.SIZE))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aDestinationThatGoesEndsTheCopyAndTheNextOne(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.stallInPipe(copy);
            flow.readingEnd.abort();
            CopyResult first = copy.get();
            assertThat(first.end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
            assertThat(first.inTransit()).isBetween(1L, 1L << 20);
            CopyResult second = kind.call(flow.copy::run).get();
            assertThat(second.end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
            assertThat(second.bytes()).isZero();
            assertThat(second.inTransit()).isEqualTo(first.inTransit());

            int taken = (int) (first.bytes() + first.inTransit());
            byte[] rest = Bytes.readAll(flow.source);
            assertThat(Arrays.mismatch(rest, Arrays.copyOfRange(flow.bytes, taken, SocketFlow.SIZE))).isEqualTo(-1);
        }
    }

    /** Whatever ends a copy with bytes in a pipe, none is held after it but by the pool, which lets go of it. */
    @ParameterizedTest
    @EnumSource
    void noPipeIsHeldAfterTheEnd(OnThread kind) throws Exception {
        endsWithoutPipe(kind, flow -> flow.destination.setWriteDeadline(Duration.ofMillis(1)), CopyResult.End.DEADLINE);
        endsWithoutPipe(kind, flow -> flow.source.close(), CopyResult.End.CLOSED);
        endsWithoutPipe(kind, flow -> flow.destination.close(), CopyResult.End.CLOSED);
        awaitNoPipe();
    }

    /** What is done to a flow, to end its copy. */
    private interface Ending {
        void run(SocketFlow flow) throws IOException;
    }

    private static void endsWithoutPipe(OnThread kind, Ending ending, CopyResult.End expected) throws Exception {
        try (SocketFlow flow = new SocketFlow(Family.TCP, Family.UNIX, kind)) {
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.stallInPipe(copy);
            ending.run(flow);
            assertThat(copy.get().end()).isEqualTo(expected);
            assertThat(copy.get().inTransit()).isPositive();
            assertThat(PipePool.usedNow()).isZero();
        }
    }

    private static void awaitNoPipe() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> PipePool.openNow() == 0);
    }

    /** What arrived before the reset is delivered, and then it is thrown, with the name of the end that was reset. */
    @ParameterizedTest
    @EnumSource
    void aSourceThatIsResetIsAFailure(OnThread kind) throws Exception {
        for (Family to : Family.values()) {
            try (SocketFlow flow = new SocketFlow(Family.TCP, to, kind)) {
                Running<CopyResult> copy = kind.call(flow.copy::run);
                flow.stallInPipe(copy);
                flow.feedingEnd.abort();
                assertThat(flow.feeder.failure()).isInstanceOf(IOException.class);
                Running<byte[]> reader = kind.call(() -> Bytes.readAll(flow.readingEnd));
                assertThat(copy.failure())
                        .hasMessageContaining("ECONNRESET")
                        .hasMessageContaining(flow.source.toString())
                        .hasMessageNotContaining(flow.destination.toString());
                flow.destination.close();
                assertThat(reader.get()).hasSize((int) flow.copy.transferred() - flow.read());
            }
        }
    }

    /** What is beyond the limit stays in the source: into a pipe goes no more than may go out of it. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aLimitIsKept(Family from, Family to, OnThread kind) throws Exception {
        int size = SocketFlow.SIZE;
        for (int limit : List.of(size / 2, size - 1, size, size + 1)) {
            try (SocketFlow flow = new SocketFlow(from, to, kind)) {
                Running<CopyResult> copy =
                        kind.call(() -> flow.copy.limit(limit).run());
                int expected = Math.min(size, limit);
                flow.read(expected);
                assertThat(copy.get().bytes()).isEqualTo(expected);
                assertThat(copy.get().inTransit()).isZero();
                assertThat(copy.get().spliced()).isPositive();
                assertThat(copy.get().end())
                        .isEqualTo(limit <= size ? CopyResult.End.LIMIT : CopyResult.End.END_OF_SOURCE);
                assertThat(Bytes.readAll(flow.source)).isEqualTo(Arrays.copyOfRange(flow.bytes, expected, size));
            }
        }
    }

    /** A peer that sends no more still reads: it is waited for, at no cost, and gets all. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aDestinationThatIsHalfClosedIsNotGone(Family from, Family to, OnThread kind) throws Exception {
        try (SocketFlow flow = new SocketFlow(from, to, kind)) {
            flow.readingEnd.shutdownWrite();
            Running<CopyResult> copy = kind.call(flow.copy::run);
            flow.stallInPipe(copy);
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(100)))
                    .as("a loop takes all of it")
                    .isLessThan(Duration.ofMillis(25).toNanos());
            assertThat(copy.isDone()).isFalse();
            flow.readTo(SocketFlow.SIZE);
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    /** The same while there is nothing to copy, and again and again: each event of the peer's tells of it anew. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aQuietCopyToAHalfClosedDestinationCostsNothing(Family from, Family to, OnThread kind) throws Exception {
        Connection[] one = from.open();
        Connection[] other = to.open();
        Running<CopyResult> copy =
                kind.call(() -> Copy.from(one[1]).to(other[0]).run()).awaitWaiting();
        Bytes.write(other[1], "unread"); // an event at the destination, though none that the copy is for
        other[1].shutdownWrite();
        for (int i = 0; i < 3; i++) {
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(100)))
                    .as("a loop takes all of it")
                    .isLessThan(Duration.ofMillis(25).toNanos());
            assertThat(copy.isDone()).isFalse();
            Bytes.write(one[0], "more");
            assertThat(Bytes.read(other[1])).isEqualTo("more");
        }
        one[0].close();
        assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        for (Connection connection : List.of(one[1], other[0], other[1])) {
            connection.close();
        }
    }

    /** Questions and answers are read and written: no pipe is touched for them. */
    @ParameterizedTest
    @EnumSource
    void smallMessagesTouchNoPipe(OnThread kind) throws Exception {
        awaitNoPipe();
        Connection[] one = SocketPairs.tcp();
        Connection[] other = SocketPairs.unix();
        Running<CopyResult> copy = kind.call(() -> Copy.from(one[1]).to(other[0]).run());
        for (int i = 0; i < 100; i++) {
            Bytes.write(one[0], "question " + i);
            assertThat(Bytes.read(other[1])).isEqualTo("question " + i);
        }
        assertThat(PipePool.openNow()).isZero();
        one[0].close();
        assertThat(copy.get().spliced()).isZero();
        for (Connection connection : List.of(one[1], other[0], other[1])) {
            connection.close();
        }
    }

    /** The other direction of a relay moves bytes, so this one is not idle; when neither does, both are. */
    @ParameterizedTest
    @EnumSource
    void twoCopiesShareAnIdleTimeout(OnThread kind) throws Exception {
        Duration timeout = Duration.ofMillis(400);
        Connection[] one = SocketPairs.unix();
        Connection[] other = SocketPairs.unix();
        Copy forth = Copy.from(one[1]).to(other[0]).idleTimeout(timeout);
        Copy back = Copy.from(other[0]).to(one[1]);
        back.shareIdleTimeout(forth);
        Running<CopyResult> forward = kind.call(forth::run);
        Running<CopyResult> backward = kind.call(back::run);
        long start = System.nanoTime();
        while (System.nanoTime() - start < 3 * timeout.toNanos()) {
            Bytes.write(one[0], "x");
            assertThat(Bytes.read(other[1])).isEqualTo("x");
            pause(one[0]);
        }
        assertThat(backward.isDone()).as("ended, though the other direction was busy").isFalse();
        assertThat(forward.get().end()).isEqualTo(CopyResult.End.IDLE_TIMEOUT);
        assertThat(backward.get().end()).isEqualTo(CopyResult.End.IDLE_TIMEOUT);
        for (Connection connection : List.of(one[0], one[1], other[0], other[1])) {
            connection.close();
        }
    }

    /** Waits for an answer that does not come, for the deadline of the read. */
    private static void pause(Descriptor quiet) throws IOException {
        quiet.setReadDeadline(Duration.ofMillis(40));
        try {
            quiet.read(ByteBuffer.allocate(1));
            throw new AssertionError("nothing was to come");
        } catch (SocketTimeoutException expected) {
            // that is the time
        }
    }
}
