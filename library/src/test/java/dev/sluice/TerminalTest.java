// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both sides of pseudo-terminals. */
@ExtendWith(NothingLeft.class)
class TerminalTest {
    @ParameterizedTest
    @EnumSource
    void bytesGoBothWays(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(100_000, 3);
        try (Pty pty = Pty.raw()) {
            for (Descriptor[] way : new Descriptor[][] {{pty.master(), pty.slave()}, {pty.slave(), pty.master()}}) {
                Running<ByteBuffer> reading = kind.call(() -> {
                    ByteBuffer all = ByteBuffer.allocate(bytes.length);
                    while (all.hasRemaining()) {
                        way[1].read(all);
                    }
                    return all.flip();
                });
                kind.run(() -> way[0].write(ByteBuffer.wrap(bytes))).get();
                assertThat(reading.get()).isEqualTo(ByteBuffer.wrap(bytes));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLineIsReadWhenItIsComplete(OnThread kind) throws Exception {
        try (Pty pty = Pty.cooked()) {
            Running<String> reading = kind.call(() -> Bytes.read(pty.slave())).awaitWaiting();
            Bytes.write(pty.master(), "half a ");
            assertThat(Running.staysWaiting(reading)).isTrue();
            Bytes.write(pty.master(), "line\n");
            assertThat(reading.get()).isEqualTo("half a line\n");
            // Control-D on an empty line: the end, and not for ever.
            Bytes.write(pty.master(), "\u0004");
            assertThat(kind.call(() -> Bytes.read(pty.slave())).get()).isEqualTo("EOF");
            Bytes.write(pty.master(), "more\n");
            assertThat(kind.call(() -> Bytes.read(pty.slave())).get()).isEqualTo("more\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void eitherSideThatIsClosedDuringAReadOfItEndsThat(OnThread kind) throws Exception {
        try (Pty pty = Pty.raw()) {
            Running<String> reading = kind.call(() -> Bytes.read(pty.slave())).awaitWaiting();
            pty.slave().close();
            assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
        try (Pty pty = Pty.raw()) {
            Running<String> reading = kind.call(() -> Bytes.read(pty.master())).awaitWaiting();
            pty.master().close();
            assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void deadlineAndInterruptEndARead(OnThread kind) throws Exception {
        try (Pty pty = Pty.raw()) {
            for (Descriptor side : new Descriptor[] {pty.slave(), pty.master()}) {
                side.setReadDeadline(Duration.ofMillis(20));
                assertThat(kind.call(() -> Bytes.read(side)).failure()).isInstanceOf(SocketTimeoutException.class);
                side.clearReadDeadline();
                Running<String> reading = kind.call(() -> Bytes.read(side)).awaitWaiting();
                reading.interrupt();
                assertThat(reading.failure()).isInstanceOf(InterruptedIOException.class);
            }
            Bytes.write(pty.slave(), "as good as new");
            assertThat(Bytes.read(pty.master())).isEqualTo("as good as new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePeersCloseEndsAReadThatWaitsAndIsTold(OnThread kind) throws Exception {
        try (Pty pty = Pty.raw()) {
            Running<String> reading = kind.call(() -> Bytes.read(pty.master())).awaitWaiting();
            Running<Hangup> waiting = kind.call(pty.master()::awaitHangup).awaitWaiting();
            pty.slave().close();
            assertThat(reading.get()).isEqualTo("EOF");
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
        }
        try (Pty pty = Pty.raw()) {
            Running<String> reading = kind.call(() -> Bytes.read(pty.slave())).awaitWaiting();
            Running<Hangup> waiting = kind.call(pty.slave()::awaitHangup).awaitWaiting();
            pty.master().close();
            assertThat(reading.get()).isEqualTo("EOF");
            assertThat(waiting.get()).isEqualTo(Hangup.PEER_CLOSED);
        }
    }

    @Test
    void aSlaveThatGoesAndComesBackIsToldOnceEach() throws Exception {
        List<Hangup> told = new CopyOnWriteArrayList<>();
        try (Pty pty = Pty.raw()) {
            Path slave = Path.of(pty.slave().toString());
            pty.master().onHangup(told::add);
            pty.slave().close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_CLOSED));
            try (Descriptor again = Descriptor.open(slave, READ, WRITE)) {
                await().untilAsserted(
                        () -> assertThat(told).containsExactly(Hangup.PEER_CLOSED, Hangup.PEER_RETURNED));
                Bytes.write(pty.master(), "welcome back");
                assertThat(Bytes.read(again)).isEqualTo("welcome back");
            }
            await().untilAsserted(() -> assertThat(told)
                    .containsExactly(Hangup.PEER_CLOSED, Hangup.PEER_RETURNED, Hangup.PEER_CLOSED));
        }
    }
}
