// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing wakes everybody, and is over when the number is. */
@ExtendWith(NothingLeft.class)
class CloseTest {
    @ParameterizedTest
    @EnumSource
    void aBlockedReadEnds(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int number = pipe.source().control(fd -> fd);
            Running<String> reading = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            Running<String> next = kind.call(() -> Bytes.read(pipe.source())).awaitWaiting();
            pipe.source().close();
            assertThat(Numbers.target(number)).as("closed when close returns").isEmpty();
            assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(next.failure()).as("who waited for the other").isInstanceOf(AsynchronousCloseException.class);
            assertThatThrownBy(() -> Bytes.read(pipe.source())).isExactlyInstanceOf(ClosedChannelException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedLargeWriteEnds(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer large = ByteBuffer.allocate(10_000_000);
            Running<Integer> writing = kind.call(() -> pipe.sink().write(large)).awaitWaiting();
            pipe.sink().close();
            assertThat(writing.failure()).isInstanceOf(AsynchronousCloseException.class);
            assertThat(Bytes.readAll(pipe.source())).hasSize(64 * 1024);
        }
    }

    @Test
    void aSecondCloseIsNothing() throws Exception {
        Pipe first = Pipe.open();
        int number = first.source().control(fd -> fd);
        first.source().close();
        List<Pipe> later = new ArrayList<>();
        do {
            later.add(Pipe.open());
        } while (later.getLast().source().control(fd -> fd) != number
                && later.getLast().sink().control(fd -> fd) != number);
        first.source().close();
        first.close();
        assertThat(first.source().isOpen()).isFalse();
        Pipe heir = later.getLast();
        Bytes.write(heir.sink(), "unharmed");
        assertThat(Bytes.read(heir.source())).isEqualTo("unharmed");
        for (Pipe pipe : later) {
            pipe.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyClosersAtOnceAreOne(OnThread kind) throws Exception {
        for (int round = 0; round < 200; round++) {
            Pipe pipe = Pipe.open();
            Running<String> reading = kind.call(() -> Bytes.read(pipe.source()));
            CountDownLatch start = new CountDownLatch(1);
            List<Running<Boolean>> closing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closing.add(kind.run(() -> {
                    start.await();
                    pipe.source().close();
                }));
            }
            start.countDown();
            for (Running<Boolean> one : closing) {
                one.get();
            }
            assertThat(reading.failure()).isInstanceOf(ClosedChannelException.class);
            pipe.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatIsClosedEndsTheStream(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<byte[]> reading = kind.call(() -> Bytes.readAll(pipe.source())).awaitWaiting();
            Bytes.write(pipe.sink(), "all of it");
            pipe.sink().close();
            assertThat(reading.get()).asString().isEqualTo("all of it");
            assertThat(kind.call(() -> Bytes.read(pipe.source())).get()).as("again").isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyWriteToNobodyFails(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.source().close();
            for (int i = 0; i < 20; i++) {
                assertThat(kind.call(() -> pipe.sink().write(Bytes.of("x"))).failure())
                        .isInstanceOf(IOException.class)
                        .hasMessage("write pipe (write end): EPIPE (Broken pipe)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatFailsMidwaySaysHowMuchWentBefore(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Integer> writing =
                    kind.call(() -> pipe.sink().write(ByteBuffer.allocate(1_000_000))).awaitWaiting();
            pipe.source().close();
            assertThat(writing.failure())
                    .hasMessage("write pipe (write end): EPIPE (Broken pipe), after 65536 bytes");
        }
    }

    @Test
    void whatWasForgottenIsClosedAndLogged() throws Exception {
        List<String> logged = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public synchronized void publish(LogRecord record) {
                logged.add(MessageFormat.format(record.getMessage(), record.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Descriptor.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            int number = forget();
            Awaitility.await().until(() -> {
                System.gc();
                return Numbers.target(number).isEmpty();
            });
            assertThat(logged).containsExactly("pipe (read end) was never closed: closing it now");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private static int forget() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().close();
        return pipe.source().control(fd -> fd);
    }
}
