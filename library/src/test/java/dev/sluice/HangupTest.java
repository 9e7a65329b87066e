// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.internal.poll.Pollers;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the other end has gone is told, with no read or write under way. */
@ExtendWith(NothingLeft.class)
class HangupTest {
    @ParameterizedTest
    @EnumSource
    void aPipesReaderThatGoesIsTold(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Hangup> waiting = kind.call(pipe.sink()::awaitHangup).awaitWaiting();
            pipe.source().close();
            assertThat(waiting.get()).isEqualTo(Hangup.READER_GONE);
            assertThat(kind.call(pipe.sink()::awaitHangup).get()).as("again").isEqualTo(Hangup.READER_GONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void alsoWhenThePipeIsFull(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Bytes.fill(pipe.sink());
            Running<Hangup> waiting = kind.call(pipe.sink()::awaitHangup).awaitWaiting();
            pipe.source().close();
            assertThat(waiting.get()).isEqualTo(Hangup.READER_GONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPipesWriterThatGoesIsToldAndWhatItLeftCanBeRead(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Bytes.write(pipe.sink(), "last words");
            Running<Hangup> waiting = kind.call(pipe.source()::awaitHangup).awaitWaiting();
            pipe.sink().close();
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
            assertThat(Bytes.read(pipe.source())).isEqualTo("last words");
            assertThat(Bytes.read(pipe.source())).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWaitTakesNothingAndDisturbsNoReader(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Hangup> waiting = kind.call(pipe.source()::awaitHangup).awaitWaiting();
            Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            Bytes.write(pipe.sink(), "data");
            assertThat(reading.get()).isEqualTo("data");
            assertThat(waiting.isDone()).isFalse();
            pipe.sink().close();
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyWatchersAreAllTold(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            List<Running<Hangup>> waiting = IntStream.range(0, 5)
                    .mapToObj(i -> kind.call(pipe.sink()::awaitHangup).awaitWaiting())
                    .toList();
            pipe.source().close();
            for (Running<Hangup> one : waiting) {
                assertThat(one.get()).isEqualTo(Hangup.READER_GONE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeAndInterruptEndTheWait(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Hangup> interrupted = kind.call(pipe.sink()::awaitHangup).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
            Running<Hangup> closed = kind.call(pipe.sink()::awaitHangup).awaitWaiting();
            pipe.sink().close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void aFifosReaderThatGoesAndComesBackIsToldOnceEach(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        List<Hangup> told = new CopyOnWriteArrayList<>();
        try (Fifo first = Fifo.open(path);
                Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE);
                HangupWatch watch = writer.onHangup(told::add)) {
            assertThat(watch).isNotNull();
            first.close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.READER_GONE));
            try (Fifo second = Fifo.open(path)) {
                await().untilAsserted(
                        () -> assertThat(told).containsExactly(Hangup.READER_GONE, Hangup.PEER_RETURNED));
                Bytes.write(writer, "welcome back");
                assertThat(Bytes.read(second)).isEqualTo("welcome back");
            }
            await().untilAsserted(() -> assertThat(told)
                    .containsExactly(Hangup.READER_GONE, Hangup.PEER_RETURNED, Hangup.READER_GONE));
        }
    }

    @Test
    void whoComesLateIsToldAtOnceAndOnce() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.source().close();
            List<Hangup> told = new CopyOnWriteArrayList<>();
            try (HangupWatch watch = pipe.sink().onHangup(told::add)) {
                await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.READER_GONE));
                assertThatThrownBy(() -> Bytes.write(pipe.sink(), "x")).hasMessageContaining("EPIPE");
                assertThat(told).hasSize(1);
                watch.close();
            }
        }
    }

    @Test
    void aClosedWatchIsNotCalled() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            List<Hangup> told = new CopyOnWriteArrayList<>();
            HangupWatch watch = pipe.sink().onHangup(told::add);
            watch.close();
            pipe.source().close();
            assertThat(pipe.sink().awaitHangup()).isEqualTo(Hangup.READER_GONE);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void nobodyListeningCostsNothing() throws Exception {
        int before = Pollers.registered();
        try (Pipe pipe = Pipe.open()) {
            Bytes.write(pipe.sink(), "x");
            assertThat(Bytes.read(pipe.source())).isEqualTo("x");
            assertThat(Pollers.registered()).as("nobody waited, so nothing is registered").isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHangupThatIsKnownIsNoBusyLoop(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            List<Hangup> told = new CopyOnWriteArrayList<>();
            HangupWatch watch = pipe.source().onHangup(told::add);
            pipe.sink().close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_CLOSED));
            // A reader that waits elsewhere, while the hung-up one is watched for a return.
            try (Pipe quiet = Pipe.open()) {
                Running<String> reading = kind.call(() -> Bytes.read(quiet.source())).awaitWaiting();
                long cpu = Cpu.leastNanosDuring(Duration.ofMillis(200));
                assertThat(cpu).as("CPU in a fifth of a second of waiting").isLessThan(50_000_000);
                quiet.sink().close();
                assertThat(reading.get()).isEqualTo("EOF");
            }
            watch.close();
        }
    }

    @Test
    void whatCannotHangUpSaysSo() {
        assertThatThrownBy(() -> {
                    try (Descriptor file = Descriptor.open(Path.of("/proc/self/status"))) {
                        file.awaitHangup();
                    }
                })
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("/proc/self/status cannot hang up");
        for (String path : List.of("/proc/self/status", "/dev/null", "/proc")) {
            assertThatThrownBy(() -> {
                        try (Descriptor file = Descriptor.open(Path.of(path))) {
                            file.onHangup(hangup -> {});
                        }
                    })
                    .as("told to the caller, not to nobody on another thread")
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(path + " cannot hang up");
        }
    }

    @Test
    void aWatchOfWhatIsClosedIsOver() throws Exception {
        List<Hangup> told = new CopyOnWriteArrayList<>();
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().close();
            pipe.sink().onHangup(told::add).close();
            pipe.source().onHangup(told::add);
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_CLOSED));
        }
    }
}
