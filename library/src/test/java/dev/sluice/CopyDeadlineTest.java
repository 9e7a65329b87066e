// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies that are given so much time and no more. */
@ExtendWith(NothingLeft.class)
class CopyDeadlineTest {
    private static final Duration TIME = Duration.ofMillis(10);

    @TempDir
    Path folder;

    static Stream<Arguments> quiet() {
        return CopyEndingTest.quiet();
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void endsWithItsDeadline(Source source, Destination destination, OnThread kind) throws Exception {
        endsInTime(source, destination, kind, copy -> copy.deadline(TIME), CopyResult.End.DEADLINE);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void endsWhenItIsIdleForTooLong(Source source, Destination destination, OnThread kind) throws Exception {
        endsInTime(source, destination, kind, copy -> copy.idleTimeout(TIME), CopyResult.End.IDLE_TIMEOUT);
    }

    private void endsInTime(
            Source source,
            Destination destination,
            OnThread kind,
            UnaryOperator<Copy> settings,
            CopyResult.End expected)
            throws Exception {
        long late = Long.MAX_VALUE;
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            Copy copy = settings.apply(Copy.from(from.ours()).to(to.ours()));
            for (int i = 0; i < QuietCopy.ATTEMPTS && late > QuietCopy.PROMPT_NANOS; i++) {
                Running<Long> running = kind.call(() -> {
                    long start = System.nanoTime();
                    assertThat(copy.run().end()).isEqualTo(expected);
                    return System.nanoTime() - start;
                });
                long lateNow = running.get() - TIME.toNanos();
                assertThat(lateNow).as("not before the time is over").isNotNegative();
                late = Math.min(late, lateNow);
            }
        }
        assertThat(late).as("nanoseconds after the time was over").isLessThan(QuietCopy.PROMPT_NANOS);
    }

    /** A writer that is a little slower than before each time, and never as slow as the timeout. */
    @ParameterizedTest
    @EnumSource
    void isNotIdleAsLongAsBytesMove(OnThread kind) throws Exception {
        Duration timeout = Duration.ofMillis(1_000);
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            long start = System.nanoTime();
            Running<CopyResult> copy = kind.call(() ->
                    Copy.from(from.source()).to(to.sink()).idleTimeout(timeout).run());
            CountDownLatch never = new CountDownLatch(1);
            int bytes = 0;
            while (System.nanoTime() - start < timeout.toNanos() * 5 / 4) {
                Bytes.write(from.sink(), "x");
                bytes++;
                assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
            }
            from.sink().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().bytes()).isEqualTo(bytes);
        }
    }

    /** A source that never runs dry does not keep a copy beyond its time. */
    @ParameterizedTest
    @EnumSource
    void endsWithItsDeadlineInTheMiddleOfTheFlow(OnThread kind) throws Exception {
        try (Descriptor zero = Descriptor.open(Path.of("/dev/zero"));
                CopyEnd to = Destination.NULL.open(folder)) {
            Running<CopyResult> copy = kind.call(() ->
                    Copy.from(zero).to(to.ours()).deadline(TIME).run());
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.DEADLINE);
            assertThat(copy.get().bytes()).isPositive();
        }
    }

    /** The deadline counts from each run's start, and what moved before it is kept. */
    @ParameterizedTest
    @EnumSource
    void runsAgainAfterItsDeadline(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Copy copy = Copy.from(from.source()).to(to.sink()).deadline(Duration.ofMillis(1));
            Running<CopyResult> late = kind.call(copy::run);
            assertThat(late.get().end()).isEqualTo(CopyResult.End.DEADLINE);
            copy.deadline(Duration.ofSeconds(20));
            Bytes.write(from.sink(), "after");
            from.sink().close();
            Running<CopyResult> again = kind.call(copy::run);
            assertThat(again.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(Bytes.read(to.source())).isEqualTo("after");
        }
    }

    /**
     * An end whose deadline has passed already ends the copy at once, even when there is data, and is as good as new
     * after.
     */
    @ParameterizedTest
    @EnumSource
    void endsAtOnceWithTheDeadlineOfAnEnd(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Bytes.write(from.sink(), "data");
            from.sink().close();
            Copy copy = Copy.from(from.source()).to(to.sink());
            from.source().setReadDeadline(Duration.ZERO);
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.DEADLINE);
            from.source().clearReadDeadline();
            to.sink().setWriteDeadline(Duration.ZERO);
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.DEADLINE);
            to.sink().clearWriteDeadline();
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(Bytes.read(to.source())).isEqualTo("data");
        }
    }

    /** Another reader of the source is waited for, but not beyond the deadline. */
    @ParameterizedTest
    @EnumSource
    void aCopyThatWaitsForItsTurnEndsWithItsDeadline(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Running<String> other = kind.call(() -> Bytes.read(from.source())).awaitWaiting();
            Running<CopyResult> copy = kind.call(() ->
                    Copy.from(from.source()).to(to.sink()).deadline(TIME).run());
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.DEADLINE);
            Bytes.write(from.sink(), "for the reader");
            assertThat(other.get()).isEqualTo("for the reader");
        }
    }

    @Test
    void refusesTimesThatAreOver() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Copy copy = Copy.from(pipe.source()).to(pipe.sink());
            assertThatIllegalArgumentException().isThrownBy(() -> copy.deadline(Duration.ZERO));
            assertThatIllegalArgumentException().isThrownBy(() -> copy.idleTimeout(Duration.ofNanos(-1)));
        }
    }
}
