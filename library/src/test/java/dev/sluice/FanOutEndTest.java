// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.CpuTime;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How destinations end, and runs. */
@ExtendWith(NothingLeft.class)
class FanOutEndTest {
    private static final double NIL = 0.05;

    private Pipe source;
    private Pipe first;
    private Pipe second;
    private FanOut fanOut;

    @BeforeEach
    void open() throws Exception {
        source = Pipe.open();
        first = Pipe.open();
        second = Pipe.open();
        fanOut = FanOut.from(source.source());
    }

    @AfterEach
    void close() throws Exception {
        source.close();
        first.close();
        second.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatDiesIsNoticedThoughTheSourceIsQuietAndTheOthersGoOn(OnThread kind) throws Exception {
        FanOut.Destination dies = fanOut.add(first.sink(), SlowPolicy.block());
        FanOut.Destination lives = fanOut.add(second.sink(), SlowPolicy.block());
        List<DestinationEnd> told = new ArrayList<>();
        fanOut.onChange(changed -> told.add(changed.end()));
        Running<FanOutResult> run = kind.call(fanOut::run);
        Bytes.write(source.sink(), "a");
        assertThat(Bytes.read(second.source())).isEqualTo("a");
        run.awaitWaiting();
        first.source().close();
        await().atMost(Duration.ofSeconds(5)).until(() -> dies.end() == DestinationEnd.GONE);
        Bytes.write(source.sink(), "b");
        assertThat(Bytes.read(second.source())).isEqualTo("b");
        source.sink().close();
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
        assertThat(lives.bytes()).isEqualTo(2);
        assertThat(told).containsExactly(DestinationEnd.GONE, DestinationEnd.END_OF_SOURCE);
    }

    @ParameterizedTest
    @EnumSource
    void whenAllAreGoneItEndsAndTakesNothingMore(OnThread kind) throws Exception {
        fanOut.add(first.sink(), SlowPolicy.block());
        fanOut.add(second.sink(), SlowPolicy.drop(0));
        Running<FanOutResult> run = kind.call(fanOut::run);
        run.awaitWaiting();
        first.source().close();
        second.source().close();
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.DESTINATIONS_GONE);
        Bytes.write(source.sink(), "stays");
        assertThat(Bytes.read(source.source())).isEqualTo("stays");
    }

    @ParameterizedTest
    @EnumSource
    void whenAllAreGoneItWaitsForTheNextIfToldTo(OnThread kind) throws Exception {
        FanOut.Destination gone = fanOut.add(first.sink(), SlowPolicy.block());
        Running<FanOutResult> run = kind.call(fanOut.waitForDestinations()::run);
        first.source().close();
        await().until(() -> gone.end() == DestinationEnd.GONE);
        Bytes.write(source.sink(), "kept");
        assertThat(Running.staysWaiting(run)).isTrue();
        assertThat(fanOut.transferred()).isZero();
        fanOut.add(second.sink(), SlowPolicy.block());
        assertThat(Bytes.read(second.source())).isEqualTo("kept");
        source.sink().close();
        assertThat(run.get().bytes()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatFailsIsDeliveredFirst(OnThread kind) throws Exception {
        Connection[] pair = SocketPairs.tcp();
        try (Connection from = pair[0];
                Connection peer = pair[1]) {
            FanOut reset = FanOut.from(from);
            Bytes.fill(first.sink());
            FanOut.Destination slow = reset.add(first.sink(), SlowPolicy.skip(1000));
            FanOut.Destination fast = reset.add(second.sink(), SlowPolicy.block());
            Running<FanOutResult> run = kind.call(reset::run);
            Bytes.write(peer, "last words");
            await().until(() -> slow.waiting() == 10 && fast.bytes() == 10);
            peer.abort();
            assertThat(Running.staysWaiting(run)).isTrue();
            ByteBuffer all = ByteBuffer.allocate(1 << 20);
            while (!new String(all.array(), 0, all.position(), ISO_8859_1).endsWith("last words")) {
                first.source().read(all);
            }
            assertThat(run.failure()).isInstanceOf(FileSystemException.class).hasMessageContaining("ECONNRESET");
            assertThat(slow.bytes()).isEqualTo(10);
            assertThat(slow.end()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatEndedEarlyGoesOnWhereItWas(OnThread kind) throws Exception {
        FanOut.Destination slow = fanOut.add(first.sink(), SlowPolicy.block());
        int full = Bytes.fill(first.sink());
        Running<FanOutResult> run = kind.call(fanOut::run);
        byte[] data = Bytes.noise(60_000, 1);
        source.sink().write(ByteBuffer.wrap(data));
        await().until(() -> slow.waiting() > 0);
        run.awaitWaiting();
        run.interrupt();
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.INTERRUPTED);
        assertThat(slow.bytes() + slow.waiting()).isEqualTo(fanOut.transferred());

        fanOut.deadline(Duration.ofMillis(30));
        assertThat(kind.call(fanOut::run).get().end()).isEqualTo(FanOutResult.End.DEADLINE);
        fanOut.deadline(Duration.ofSeconds(30)).idleTimeout(Duration.ofMillis(30));
        assertThat(kind.call(fanOut::run).get().end()).isEqualTo(FanOutResult.End.IDLE_TIMEOUT);
        fanOut.idleTimeout(Duration.ofSeconds(30)).limit(0);
        Running<byte[]> reader = OnThread.PLATFORM.call(() -> Bytes.readAll(first.source()));
        assertThat(kind.call(fanOut::run).get().end()).isEqualTo(FanOutResult.End.LIMIT);
        assertThat(slow.waiting()).isZero();

        source.sink().close();
        assertThat(kind.call(fanOut.limit(Long.MAX_VALUE)::run).get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
        first.sink().close();
        byte[] got = reader.get();
        assertThat(Arrays.copyOfRange(got, full, got.length)).isEqualTo(data);
    }

    @ParameterizedTest
    @EnumSource
    void closesEndWhatTheyClose(OnThread kind) throws Exception {
        Bytes.fill(second.sink());
        FanOut.Destination closed = fanOut.add(first.sink(), SlowPolicy.block());
        FanOut.Destination late = fanOut.add(second.sink(), SlowPolicy.block());
        Running<FanOutResult> run = kind.call(fanOut::run);
        run.awaitWaiting();
        first.sink().close();
        await().until(() -> closed.end() == DestinationEnd.CLOSED);
        Bytes.write(source.sink(), "waits");
        await().until(() -> late.waiting() > 0);
        second.sink().setWriteDeadline(Duration.ofMillis(1));
        await().until(() -> late.end() == DestinationEnd.DEADLINE);
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.DESTINATIONS_GONE);

        fanOut.waitForDestinations();
        Running<FanOutResult> waits = kind.call(fanOut::run);
        waits.awaitWaiting();
        source.source().close();
        assertThat(waits.get().end()).isEqualTo(FanOutResult.End.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsEndsTheRunAndLeavesItFitForTheNext(OnThread kind) throws Exception {
        fanOut.add(first.sink(), SlowPolicy.block());
        FanOut.Destination other = fanOut.add(second.sink(), SlowPolicy.block());
        fanOut.onChange(changed -> {
            throw new IllegalStateException("thrown by the listener");
        });
        Running<FanOutResult> run = kind.call(fanOut::run);
        run.awaitWaiting();
        first.source().close();
        assertThat(run.failure()).hasMessage("thrown by the listener");
        fanOut.onChange(changed -> {});
        Bytes.write(source.sink(), "on");
        source.sink().close();
        assertThat(kind.call(fanOut::run).get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
        assertThat(other.bytes()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aWaitIsAWaitWhateverStateTheEndsAreIn(OnThread kind) throws Exception {
        Bytes.fill(first.sink());
        FanOut.Destination stopped = fanOut.add(first.sink(), SlowPolicy.skip(10));
        Connection[] pair = SocketPairs.tcp();
        try (Connection halfClosed = pair[0];
                Connection peer = pair[1]) {
            FanOut.Destination listens = fanOut.add(halfClosed, SlowPolicy.block());
            Running<FanOutResult> run = kind.call(fanOut::run);
            Bytes.write(source.sink(), "waits for one");
            assertThat(Bytes.read(peer)).isEqualTo("waits for one");
            Libc.shutDownWriting(peer);
            run.awaitWaiting();
            double least = 1;
            for (int i = 0; i < 5 && least >= NIL; i++) {
                double now = CpuTime.share(Duration.ofMillis(300), "ForkJoinPool.*", "sluice-.*", "test-.*");
                least = Math.min(least, now);
            }
            assertThat(least).isLessThan(NIL);
            assertThat(stopped.waiting()).isEqualTo(13);
            assertThat(listens.end()).as("it still reads").isNull();
            run.interrupt();
            assertThat(run.get().end()).isEqualTo(FanOutResult.End.INTERRUPTED);
        }
    }
}
