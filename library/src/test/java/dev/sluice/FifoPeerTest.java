// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Other;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The wait of a blocking open, as {@link Fifo#awaitPeer} and {@link Fifo#connect} have it: what ends it. */
@ExtendWith(NothingLeft.class)
class FifoPeerTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void make() throws Exception {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    /** Each kind of thread, from each side. */
    static Stream<Arguments> waits() {
        return Stream.of(OnThread.values())
                .flatMap(thread -> Stream.of(Arguments.of(thread, READ), Arguments.of(thread, WRITE)));
    }

    private static OpenOption opposite(OpenOption side) {
        return side == READ ? WRITE : READ;
    }

    private static void setDeadline(Fifo fifo, OpenOption side, Duration fromNow) throws Exception {
        if (side == READ) {
            fifo.setReadDeadline(fromNow);
        } else {
            fifo.setWriteDeadline(fromNow);
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void thePeersOpenReleasesIt(OnThread thread, OpenOption side) throws Exception {
        Running<Fifo> opening = thread.call(() -> Fifo.connect(path, side)).awaitWaiting();
        try (Fifo peer = Fifo.open(path, opposite(side));
                Fifo fifo = opening.get()) {
            assertThat(fifo.isOpen()).isTrue();
            assertThat(peer.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void anotherProcesssBlockingOpenReleasesItAndIsReleased(OnThread thread, OpenOption side) throws Exception {
        Running<Fifo> opening = thread.call(() -> Fifo.connect(path, side)).awaitWaiting();
        String redirect = side == READ ? "echo word > " : "cat < ";
        try (Other peer = Other.start("sh", "-c", redirect + path);
                Fifo fifo = opening.get()) {
            if (side == READ) {
                assertThat(Bytes.readAll(fifo)).asString().isEqualTo("word\n");
            } else {
                Bytes.write(fifo, "word\n");
                fifo.close();
                assertThat(peer.exit()).isZero();
                assertThat(peer.output()).isEqualTo("word\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aPeerThatIsThereAlreadyMakesItReturnAtOnce(OnThread thread, OpenOption side) throws Exception {
        try (Fifo both = Fifo.open(path, READ, WRITE);
                Fifo fifo = thread.call(() -> Fifo.connect(path, side)).get()) {
            fifo.awaitPeer(); // again
            assertThat(both.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aReaderThatIsReleasedHasTakenNothing(OnThread thread, OpenOption side) throws Exception {
        if (side == READ) {
            Running<Fifo> opening = thread.call(() -> Fifo.connect(path, READ)).awaitWaiting();
            try (Fifo writer = Fifo.open(path, WRITE)) {
                Bytes.write(writer, "first");
                try (Fifo reader = opening.get()) {
                    assertThat(Bytes.read(reader)).isEqualTo("first");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriterThatCameAndWentReleasesAReader(OnThread thread) throws Exception {
        Running<String> reading = thread.call(() -> {
                    try (Fifo fifo = Fifo.connect(path, READ)) {
                        return Bytes.read(fifo);
                    }
                })
                .awaitWaiting();
        Fifo.connect(path, WRITE).close();
        assertThat(reading.get()).isEqualTo("EOF");
    }

    @ParameterizedTest
    @MethodSource("waits")
    void interruptEndsItAndTheDescriptorStaysGood(OnThread thread, OpenOption side) throws Exception {
        try (Fifo fifo = Fifo.open(path, side)) {
            Running<Boolean> waiting = thread.call(() -> {
                        try {
                            fifo.awaitPeer();
                            return false;
                        } catch (InterruptedIOException expected) {
                            return Thread.interrupted();
                        }
                    })
                    .awaitWaiting();
            waiting.interrupt();
            assertThat(waiting.get()).as("interrupted, and said so").isTrue();
            assertThat(fifo.isOpen()).isTrue();

            Running<Boolean> again = thread.run(fifo::awaitPeer).awaitWaiting();
            try (Fifo peer = Fifo.open(path, opposite(side))) {
                assertThat(again.get()).isTrue();
                assertThat(peer.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void anInterruptedConnectLeavesNothingOpen(OnThread thread, OpenOption side) throws Exception {
        Running<Fifo> opening = thread.call(() -> Fifo.connect(path, side)).awaitWaiting();
        opening.interrupt();
        assertThat(opening.failure()).isInstanceOf(InterruptedIOException.class);
        // NothingLeft sees to the rest.
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aDeadlineEndsItAndTheDescriptorStaysGood(OnThread thread, OpenOption side) throws Exception {
        try (Fifo fifo = Fifo.open(path, side)) {
            for (Duration delay :
                    List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofMillis(5), Duration.ofMillis(60))) {
                setDeadline(fifo, side, delay);
                long start = System.nanoTime();
                assertThat(thread.run(fifo::awaitPeer).failure()).isInstanceOf(SocketTimeoutException.class);
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(delay.toNanos() - 5_000_000);
            }
            Running<Boolean> waiting = thread.run(() -> {
                if (side == READ) {
                    fifo.clearReadDeadline();
                } else {
                    fifo.clearWriteDeadline();
                }
                fifo.awaitPeer();
            });
            waiting.awaitWaiting();
            setDeadline(fifo, side, Duration.ofMillis(1));
            assertThat(waiting.failure()).as("one set during the wait").isInstanceOf(SocketTimeoutException.class);
            assertThat(fifo.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void closeEndsIt(OnThread thread, OpenOption side) throws Exception {
        Fifo fifo = Fifo.open(path, side);
        Running<Boolean> waiting = thread.run(fifo::awaitPeer).awaitWaiting();
        fifo.close();
        assertThat(waiting.failure()).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(fifo::awaitPeer)
                .isInstanceOf(ClosedChannelException.class)
                .isNotInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @MethodSource("waits")
    void allThreeEndItAlsoAfterTheNameIsGone(OnThread thread, OpenOption side) throws Exception {
        Fifo fifo = Fifo.open(path, side);
        Files.delete(path);

        Running<Boolean> first = thread.run(fifo::awaitPeer).awaitWaiting();
        first.interrupt();
        assertThat(first.failure()).isInstanceOf(InterruptedIOException.class);

        Running<Boolean> second = thread.run(fifo::awaitPeer).awaitWaiting();
        setDeadline(fifo, side, Duration.ofMillis(1));
        assertThat(second.failure()).isInstanceOf(SocketTimeoutException.class);
        setDeadline(fifo, side, Duration.ofDays(1));

        Running<Boolean> third = thread.run(fifo::awaitPeer).awaitWaiting();
        fifo.close();
        assertThat(third.failure()).isInstanceOf(AsynchronousCloseException.class);
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aWaitThatIsGivenUpReleasesNoOtherProcess(OnThread thread, OpenOption side) throws Exception {
        // Two others wait on the same side of the same FIFO.
        String redirect = side == READ ? "cat < " : "echo word > ";
        try (Other one = Other.start("sh", "-c", redirect + path).awaitOpening();
                Other two = Other.start("sh", "-c", redirect + path).awaitOpening()) {
            Running<Fifo> interrupted = thread.call(() -> Fifo.connect(path, side)).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);

            Fifo fifo = Fifo.open(path, side);
            setDeadline(fifo, side, Duration.ofMillis(30));
            assertThat(thread.run(fifo::awaitPeer).failure()).isInstanceOf(SocketTimeoutException.class);
            setDeadline(fifo, side, Duration.ofDays(1));
            Running<Boolean> closed = thread.run(fifo::awaitPeer).awaitWaiting();
            fifo.close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);

            one.awaitOpening();
            two.awaitOpening();
            assertThat(one.output() + two.output()).isEmpty();
        }
    }

    @Test
    void aReaderAndAWriterMayBeOneAndTheSame() throws Exception {
        try (Fifo both = Fifo.connect(path, READ, WRITE)) {
            Bytes.write(both, "to myself");
            assertThat(Bytes.read(both)).isEqualTo("to myself");
        }
    }
}
