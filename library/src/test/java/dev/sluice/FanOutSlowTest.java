// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One destination that is stopped for ever, beside one that is not. */
@ExtendWith(NothingLeft.class)
class FanOutSlowTest {
    private static final int CHUNK = 1 << 20;
    private static final int BOUND = 300_000;
    private static final int LINE = 64;
    private static final int TOTAL = 40 * CHUNK;

    static Stream<Arguments> policies() {
        return Stream.of(OnThread.values())
                .flatMap(kind -> Stream.of(
                                Arguments.of(kind, "skip", SlowPolicy.skip(BOUND)),
                                Arguments.of(kind, "skipLines", SlowPolicy.skipLines(BOUND)),
                                Arguments.of(kind, "drop", SlowPolicy.drop(BOUND))));
    }

    /** Lines of 64 bytes. */
    private static ByteBuffer lines(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 'x');
        for (int i = 63; i < size; i += 64) {
            bytes[i] = '\n';
        }
        return ByteBuffer.wrap(bytes);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void whatWaitsIsBoundedAndTheOtherGetsAll(OnThread kind, String name, SlowPolicy policy) throws Exception {
        int pipes = PipePool.usedNow();
        try (Pipe source = Pipe.open();
                Pipe stopped = Pipe.open();
                Pipe fast = Pipe.open()) {
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination slow = fanOut.add(stopped.sink(), policy);
            FanOut.Destination good = fanOut.add(fast.sink(), SlowPolicy.block());
            List<String> told = new CopyOnWriteArrayList<>();
            fanOut.onChange(changed -> told.add(changed == slow ? changed.isSkipping() + " " + changed.end() : "good"));
            Running<Long> reader = OnThread.PLATFORM.call(() -> count(fast.source()));
            Running<FanOutResult> run = kind.call(fanOut::run);
            ByteBuffer data = lines(CHUNK);
            for (int i = 0; i < TOTAL / CHUNK; i++) {
                source.sink().write(data.duplicate());
                assertThat(slow.waiting()).isLessThanOrEqualTo(BOUND + CHUNK + LINE);
                assertThat(PipePool.usedNow() - pipes).as("the hub, and a staging pipe each").isLessThanOrEqualTo(3);
            }
            await().until(() -> good.bytes() == TOTAL);
            if (slow.end() == null) {
                assertThat(slow.bytes() + slow.skipped() + slow.waiting()).isEqualTo(TOTAL);
                assertThat(slow.skipped()).isGreaterThan(TOTAL / 2);
                assertThat(told).containsExactly("true null");
                assertThat(slow.gaps()).isOne();
                assertThat(slow.isSkipping()).isTrue();
                Running<Long> late = OnThread.PLATFORM.call(() -> count(stopped.source()));
                await().until(() -> slow.waiting() == 0);
                source.sink().write(ByteBuffer.wrap(new byte[] {'y', '\n'}));
                await().until(() -> !slow.isSkipping());
                source.sink().close();
                run.get();
                stopped.sink().close();
                assertThat(late.get()).isEqualTo(slow.bytes());
                assertThat(slow.bytes() + slow.skipped()).isEqualTo(TOTAL + 2);
                assertThat(told).startsWith("true null", "false null").contains("false END_OF_SOURCE");
            } else {
                assertThat(told).containsExactly("false DROPPED");
                assertThat(slow.skipped()).isBetween(1L, (long) BOUND + 2 * CHUNK);
                assertThat(slow.waiting()).isZero();
                source.sink().close();
                run.get();
            }
            fast.sink().close();
            assertThat(reader.get()).isEqualTo(good.bytes());
        }
        assertThat(PipePool.usedNow()).isEqualTo(pipes);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatHoldsTheSourceBackHoldsItBack(OnThread kind) throws Exception {
        try (Pipe source = Pipe.open();
                Pipe stopped = Pipe.open();
                Pipe fast = Pipe.open()) {
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination slow = fanOut.add(stopped.sink(), SlowPolicy.block());
            FanOut.Destination good = fanOut.add(fast.sink(), SlowPolicy.block());
            Running<Long> reader = OnThread.PLATFORM.call(() -> count(fast.source()));
            Running<FanOutResult> run = kind.call(fanOut::run);
            Running<Boolean> feeder = OnThread.PLATFORM.run(() -> {
                source.sink().write(lines(8 * CHUNK));
                source.sink().close();
            });
            await().until(() -> slow.waiting() > 0);
            feeder.awaitWaiting();
            run.awaitWaiting();
            assertThat(good.bytes()).isEqualTo(slow.bytes() + slow.waiting()).isEqualTo(fanOut.transferred());
            assertThat(slow.waiting()).isLessThanOrEqualTo(CHUNK);
            assertThat(good.bytes()).isLessThan(4 * CHUNK);
            Running<Long> late = OnThread.PLATFORM.call(() -> count(stopped.source()));
            feeder.get();
            run.get();
            stopped.sink().close();
            fast.sink().close();
            assertThat(late.get()).isEqualTo(8 * CHUNK);
            assertThat(reader.get()).isEqualTo(8 * CHUNK);
        }
    }

    private static long count(Descriptor from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        long total = 0;
        for (int now = from.read(buffer); now >= 0; now = from.read(buffer.clear())) {
            total += now;
        }
        return total;
    }
}
