// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt ends a wait, and harms nothing. */
@ExtendWith(NothingLeft.class)
class InterruptTest {
    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
    }

    /** Whether the thread was still interrupted when the exception came. */
    private static boolean endsInterrupted(Running<Boolean> work) throws Exception {
        work.interrupt();
        return work.get();
    }

    private Running<Boolean> reading(OnThread kind) {
        return kind.call(() -> {
            try {
                throw new AssertionError(Bytes.read(pipe.source()));
            } catch (SocketTimeoutException wrong) {
                throw new AssertionError(wrong);
            } catch (InterruptedIOException interrupted) {
                return Thread.currentThread().isInterrupted();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aReadEndsAndTheDescriptorIsAsGoodAsBefore(OnThread kind) throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(endsInterrupted(reading(kind).awaitWaiting())).isTrue();
            assertThat(pipe.source().isOpen()).isTrue();
            Bytes.write(pipe.sink(), "word " + i);
            assertThat(kind.call(() -> Bytes.read(pipe.source())).get()).isEqualTo("word " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatFindsDataReturnsIt(OnThread kind) throws Exception {
        Bytes.write(pipe.sink(), "data");
        assertThat(kind.call(() -> {
                    Thread.currentThread().interrupt();
                    return Bytes.read(pipe.source()) + Thread.currentThread().isInterrupted();
                }).get())
                .isEqualTo("datatrue");
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatWouldWaitAndIsInterruptedAlreadyEndsAtOnce(OnThread kind) throws Exception {
        assertThat(kind.call(() -> {
                    Thread.currentThread().interrupt();
                    return Bytes.read(pipe.source());
                }).failure())
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("read pipe (read end): interrupted");
    }

    @ParameterizedTest
    @EnumSource
    void oneThatWaitsForAnotherReaderEndsToo(OnThread kind) throws Exception {
        Running<String> first = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
        assertThat(endsInterrupted(reading(kind).awaitWaiting())).isTrue();
        assertThat(first.isDone()).isFalse();
        Bytes.write(pipe.sink(), "for the first");
        assertThat(first.get()).isEqualTo("for the first");
    }

    @ParameterizedTest
    @EnumSource
    void aWriteSaysHowMuchItWroteAndTheStreamIsWhole(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(1_000_000, 3);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        ByteBuffer got = ByteBuffer.allocate(bytes.length + 1);
        int interrupts = 0;
        while (buffer.hasRemaining()) {
            Running<Integer> writing = kind.call(() -> pipe.sink().write(buffer));
            int before = buffer.position();
            if (bytes.length - before > pipe.sink().pipeCapacity()) {
                writing.awaitWaiting().interrupt();
                InterruptedIOException cut = (InterruptedIOException) writing.failure();
                assertThat(buffer.position() - before).isEqualTo(cut.bytesTransferred);
                interrupts++;
                drain(pipe.source(), got);
            } else {
                writing.get();
            }
        }
        pipe.sink().close();
        while (pipe.source().read(got) >= 0) {
            // on to the end
        }
        assertThat(interrupts).isPositive();
        assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    private static void drain(Descriptor source, ByteBuffer to) throws IOException {
        source.setReadDeadline(Duration.ofMillis(20));
        try {
            for (;;) {
                source.read(to);
            }
        } catch (SocketTimeoutException drained) {
            source.clearReadDeadline();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptThatComesWithTheDataLosesNoByte(OnThread kind) throws Exception {
        int words = 300;
        StringBuilder got = new StringBuilder();
        for (int i = 0; i < words; i++) {
            String word = String.valueOf((char) ('a' + i % 26));
            Running<String> reading = kind.call(() -> Bytes.read(pipe.source()));
            Running<Boolean> writing = kind.run(() -> Bytes.write(pipe.sink(), word));
            reading.interrupt();
            writing.get();
            try {
                got.append(reading.get());
            } catch (InterruptedIOException interrupted) {
                got.append(Bytes.read(pipe.source()));
            }
            assertThat(got.substring(i)).isEqualTo(word);
        }
    }
}
