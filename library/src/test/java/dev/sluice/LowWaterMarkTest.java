// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.copy.LowWaterMark;
import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Pollers;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy from a TCP connection that waits until much has come, and what becomes of what is less than that. */
@ExtendWith(NothingLeft.class)
class LowWaterMarkTest {
    /** More than the mark, and less than twice as much. */
    private static final int ROUND = 1_400_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AfterEach
    void nobodyIsWatchedAnyMore() {
        assertThat(Pollers.heldBack()).isZero();
    }

    /** What is behind the mark comes late, and then for a long time as soon as it can. */
    @Test
    void whatNeverReachesTheMarkArrivesToo() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL)) {
            long before = Pollers.lateWaits();
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (Pollers.lateWaits() < before + 3 && System.nanoTime() < giveUp) {
                flow.round();
            }
            assertThat(Pollers.lateWaits()).isEqualTo(before + 3);
            for (int i = 0; i < 10; i++) {
                flow.round();
            }
            assertThat(Pollers.lateWaits()).isEqualTo(before + 3);
        }
    }

    @Test
    void aQuietSourceIsNotWatched() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL)) {
            long before = LowWaterMark.timesRaised();
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (LowWaterMark.timesRaised() == before && System.nanoTime() < giveUp) {
                flow.round();
            }
            assertThat(LowWaterMark.timesRaised()).isGreaterThan(before);
            awaitLowered();
            assertThat(flow.mark()).isEqualTo(1);
        }
    }

    @Test
    void aStalledDestinationIsNotWatched() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL)) {
            Running<Boolean> feeder = flow.feedUntilRaised();
            feeder.awaitWaiting(); // all is full, since nobody reads any more
            awaitLowered();
            assertThat(flow.mark()).isEqualTo(1);
            flow.feedingEnd.close();
        }
    }

    /** What the end of a copy has to do with the source, while much flows through it. */
    private enum Ending {
        INTERRUPT(CopyResult.End.INTERRUPTED) {
            @Override
            void by(Flow flow) {
                flow.copying.interrupt();
            }
        },
        END(CopyResult.End.END_OF_SOURCE) {
            @Override
            void by(Flow flow) throws IOException {
                flow.feedingEnd.shutdownWrite();
            }
        },
        DESTINATION_GONE(CopyResult.End.DESTINATION_GONE) {
            @Override
            void by(Flow flow) throws IOException {
                flow.readingEnd.abort();
            }
        };

        final CopyResult.End end;

        Ending(CopyResult.End end) {
            this.end = end;
        }

        abstract void by(Flow flow) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void theMarkIsTheUsualOneAfterTheCopy(Ending ending) throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL)) {
                Running<Boolean> feeder = flow.feedUntilRaised();
                ending.by(flow);
                Running<Boolean> reader = OnThread.PLATFORM.run(flow::readToEnd);
                CopyResult result = flow.copying.get();
                assertThat(result.end()).isEqualTo(ending.end);
                assertThat(flow.mark()).isEqualTo(1);
                assertThat(Pollers.heldBack()).isZero();
                flow.feedingEnd.close();
                flow.destination.close();
                assertThat(feeder.failure()).isInstanceOf(IOException.class);
                Awaitility.await().until(reader::isDone);
            }
        }
    }

    @Test
    void aMarkOfTheUsersIsLeftAlone() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL, 2, copy -> copy)) {
            flow.roundsThatNeverRaise();
            assertThat(flow.mark()).isEqualTo(2);
        }
    }

    @Test
    void aReceiveBufferWithoutRoomIsNotWaitedFor() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(200_000), OnThread.VIRTUAL)) {
            flow.roundsThatNeverRaise();
            assertThat(flow.mark()).isEqualTo(1);
        }
    }

    @Test
    void aShortIdleTimeoutIsPutOffByEachArrival() throws Exception {
        UnaryOperator<Copy> idle = copy -> copy.idleTimeout(Duration.ofMillis(999));
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.VIRTUAL, 1, idle)) {
            flow.roundsThatNeverRaise();
        }
    }

    @Test
    void aPlatformThreadIsToldOfEachArrival() throws Exception {
        try (Flow flow = new Flow(SocketPairs.tcp(), OnThread.PLATFORM)) {
            flow.roundsThatNeverRaise();
        }
    }

    @Test
    void aUnixDomainConnectionTellsOfEachArrival() throws Exception {
        try (Flow flow = new Flow(SocketPairs.unix(), OnThread.VIRTUAL)) {
            flow.roundsThatNeverRaise();
        }
    }

    private static void awaitLowered() {
        Awaitility.await().during(Duration.ofMillis(100)).until(() -> Pollers.heldBack() == 0);
    }

    /** A copy under way from one connection to another. */
    private static final class Flow implements AutoCloseable {
        private final byte[] bytes = Bytes.noise(ROUND, 23);
        private final byte[] got = new byte[ROUND];
        private final CallState state = CallState.acquire();
        private final Connection source;
        final Connection feedingEnd;
        final Connection destination;
        final Connection readingEnd;
        final Running<CopyResult> copying;

        Flow(Connection[] from, OnThread kind) throws IOException {
            this(from, kind, 1, copy -> copy);
        }

        Flow(Connection[] from, OnThread kind, int mark, UnaryOperator<Copy> setting) throws IOException {
            Connection[] to = SocketPairs.tcp();
            this.feedingEnd = from[0];
            this.source = from[1];
            this.destination = to[0];
            this.readingEnd = to[1];
            readingEnd.setReadDeadline(PATIENCE);
            if (mark != 1) {
                int number = source.internal().number();
                SocketCalls.setIntOption(state, number, Constants.SOL_SOCKET, Constants.SO_RCVLOWAT, mark);
            }
            this.copying = kind.call(() -> setting.apply(Copy.from(source).to(destination)).run());
        }

        int mark() {
            int number = source.internal().number();
            return SocketCalls.intOption(state, number, Constants.SOL_SOCKET, Constants.SO_RCVLOWAT);
        }

        /** Feeds so much, and nothing more before all of it has come through. */
        void round() throws Exception {
            Running<Boolean> feeder = OnThread.PLATFORM.run(() -> feedingEnd.write(ByteBuffer.wrap(bytes)));
            for (int read = 0; read < ROUND; ) {
                read += readingEnd.read(ByteBuffer.wrap(got, read, ROUND - read));
            }
            feeder.get();
            assertThat(Arrays.mismatch(got, bytes)).isEqualTo(-1);
        }

        void roundsThatNeverRaise() throws Exception {
            long before = LowWaterMark.timesRaised();
            for (int i = 0; i < 100; i++) {
                round();
            }
            assertThat(LowWaterMark.timesRaised()).isEqualTo(before);
        }

        Running<Boolean> feedUntilRaised() throws Exception {
            Running<Boolean> feeder = OnThread.PLATFORM.run(() -> {
                for (;;) {
                    feedingEnd.write(ByteBuffer.wrap(bytes));
                }
            });
            long before = LowWaterMark.timesRaised();
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (LowWaterMark.timesRaised() == before && System.nanoTime() < giveUp) {
                readingEnd.read(ByteBuffer.wrap(got));
            }
            assertThat(LowWaterMark.timesRaised()).isGreaterThan(before);
            return feeder;
        }

        void readToEnd() throws IOException {
            while (readingEnd.read(ByteBuffer.wrap(got)) >= 0) {}
        }

        @Override
        public void close() throws IOException {
            feedingEnd.close();
            source.close();
            destination.close();
            readingEnd.close();
            Awaitility.await().until(copying::isDone);
            state.release();
        }
    }
}
