// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a deadline ends, and what it leaves as it was. */
@ExtendWith(NothingLeft.class)
class DeadlineTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(30);

    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatHasPassedFailsThoughDataIsThere(OnThread kind) throws Exception {
        Bytes.write(pipe.sink(), "data");
        for (Duration passed : new Duration[] {Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-100_000)}) {
            pipe.source().setReadDeadline(passed);
            assertThat(kind.call(() -> Bytes.read(pipe.source())).failure())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("read pipe (read end): the deadline has passed");
        }
        pipe.source().clearReadDeadline();
        assertThat(kind.call(() -> Bytes.read(pipe.source())).get()).isEqualTo("data");
    }

    @ParameterizedTest
    @EnumSource
    void oneForReadingLeavesWritingAlone(OnThread kind) throws Exception {
        pipe.source().setReadDeadline(Duration.ZERO);
        assertThat(kind.call(() -> pipe.sink().write(Bytes.of("x"))).get()).isEqualTo(1);
        pipe.sink().setWriteDeadline(Duration.ZERO);
        pipe.source().clearReadDeadline();
        assertThat(kind.call(() -> Bytes.read(pipe.source())).get()).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource
    void itEndsAWaitBetweenANanosecondAndASecond(OnThread kind) throws Exception {
        for (long nanos : new long[] {1, 1_000, 1_000_000, 50_000_000, 1_000_000_000}) {
            long start = System.nanoTime();
            pipe.source().setReadDeadline(Duration.ofNanos(nanos));
            assertThat(kind.call(() -> Bytes.read(pipe.source())).failure())
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @EnumSource
    void setForAWaitUnderWayItEndsThat(OnThread kind) throws Exception {
        Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        pipe.source().setReadDeadline(SHORT);
        assertThat(reading.failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void movedEarlierDuringTheWaitItFiresThen(OnThread kind) throws Exception {
        pipe.source().setReadDeadline(LONG);
        Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        pipe.source().setReadDeadline(SHORT);
        assertThat(reading.failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void movedLaterOrClearedDuringTheWaitItDoesNotFire(OnThread kind) throws Exception {
        Duration soon = Duration.ofMillis(300);
        pipe.source().setReadDeadline(soon);
        long start = System.nanoTime();
        Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        pipe.source().setReadDeadline(LONG);
        pipe.source().clearReadDeadline();
        // A second reader, with the old deadline's time on its own pipe, tells that the moment is over.
        try (Pipe clock = Pipe.open()) {
            clock.source().setReadDeadline(soon.plusMillis(100));
            assertThatThrownBy(() -> Bytes.read(clock.source())).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(System.nanoTime() - start).isGreaterThan(soon.toNanos());
        assertThat(reading.isDone()).isFalse();
        Bytes.write(pipe.sink(), "in time");
        assertThat(reading.get()).isEqualTo("in time");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatIsCutShortSaysHowMuchItWroteAndLosesNothing(OnThread kind) throws Exception {
        int capacity = pipe.sink().pipeCapacity();
        byte[] bytes = Bytes.noise(capacity + 1000, 7);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        pipe.sink().setWriteDeadline(SHORT);
        SocketTimeoutException cut = (SocketTimeoutException)
                kind.call(() -> pipe.sink().write(buffer)).failure();
        assertThat(cut.bytesTransferred).isEqualTo(capacity);
        assertThat(buffer.position()).isEqualTo(capacity);

        pipe.sink().clearWriteDeadline();
        Running<byte[]> reading = kind.call(() -> Bytes.readAll(pipe.source()));
        pipe.sink().write(buffer);
        pipe.sink().close();
        assertThat(reading.get()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void theBufferCanBeUsedAgainRightAfter(OnThread kind) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        pipe.source().setReadDeadline(Duration.ofMillis(1));
        for (int i = 0; i < 20; i++) {
            assertThat(kind.call(() -> pipe.source().read(buffer)).failure())
                    .isInstanceOf(SocketTimeoutException.class);
            buffer.putLong(0, 42);
        }
        pipe.source().clearReadDeadline();
        Bytes.write(pipe.sink(), "x");
        assertThat(buffer.getLong(0)).isEqualTo(42);
        assertThat(pipe.source().read(buffer)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void settingReadingAndWritingAtOnceLosesNothing(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(3_000_000, 11);
        Running<Boolean> setting = kind.run(() -> {
            while (pipe.sink().isOpen()) {
                pipe.source().setReadDeadline(Duration.ofNanos(ThreadLocalRandom.current().nextLong(200_000)));
                Thread.yield();
                pipe.source().clearReadDeadline();
                Thread.yield();
            }
        });
        Running<Boolean> writing = kind.run(() -> {
            pipe.sink().write(ByteBuffer.wrap(bytes));
            pipe.sink().close();
        });
        ByteBuffer got = ByteBuffer.allocate(bytes.length + 1);
        int count = 0;
        while (count >= 0) {
            try {
                count = pipe.source().read(got);
            } catch (SocketTimeoutException again) {
                assertThat(again.bytesTransferred).isZero();
            }
        }
        writing.get();
        setting.get();
        assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void whatCannotBeWaitedForHasNone() throws Exception {
        try (Descriptor file = Descriptor.open(Path.of("/proc/self/status"));
                Descriptor device = Descriptor.open(Path.of("/dev/null"))) {
            for (Descriptor descriptor : new Descriptor[] {file, device}) {
                assertThatThrownBy(() -> descriptor.setReadDeadline(LONG))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage(descriptor + " is always ready: it cannot be waited for, and has no deadline");
                descriptor.clearReadDeadline();
            }
        }
    }
}
