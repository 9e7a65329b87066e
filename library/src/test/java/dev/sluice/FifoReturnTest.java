// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A FIFO's writer between two readers, and a reader between two writers. */
@ExtendWith(NothingLeft.class)
class FifoReturnTest {
    @TempDir
    private Path folder;

    @Test
    void aWriterWhoseReaderHasLeftWaitsForTheNext() throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo first = Fifo.open(path, StandardOpenOption.READ);
                Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
            writer.awaitPeer(); // is there
            first.close();
            writer.setWriteDeadline(Duration.ofMillis(50));
            assertThatThrownBy(writer::awaitPeer).isInstanceOf(SocketTimeoutException.class);
            writer.clearWriteDeadline();

            FutureTask<Boolean> waiting = new FutureTask<>(() -> {
                writer.awaitPeer();
                return true;
            });
            Thread.ofVirtual().start(waiting);
            try (Fifo second = Fifo.open(path, StandardOpenOption.READ)) {
                assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
                assertThat(writer.write(ByteBuffer.wrap(new byte[3]))).isEqualTo(3);
                assertThat(second.read(ByteBuffer.allocate(10))).isEqualTo(3);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWhoseWritersHaveLeftWaitsForTheNext(OnThread kind) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path)) {
            Running<String> first = kind.call(() -> Bytes.read(reader)).awaitWaiting();
            write(path, "one");
            assertThat(first.get()).isEqualTo("one");
            write(path, "more");
            reader.awaitPeer(); // there is something to be read
            assertThat(kind.call(() -> Bytes.read(reader)).get()).isEqualTo("more");
            assertThat(Bytes.read(reader)).isEqualTo("EOF");

            Path elsewhere = Files.move(path, folder.resolve("elsewhere"));
            Files.createFile(path);
            reader.setReadDeadline(Duration.ofMillis(50));
            assertThat(kind.run(reader::awaitPeer).failure()).isInstanceOf(SocketTimeoutException.class);
            reader.clearReadDeadline();
            Running<Boolean> waiting = kind.run(reader::awaitPeer).awaitWaiting();
            assertThat(Running.staysWaiting(waiting)).isTrue();
            try (Fifo second = Fifo.open(elsewhere, StandardOpenOption.WRITE)) {
                assertThat(waiting.get()).isTrue();
                Running<String> reading = kind.call(() -> Bytes.read(reader)).awaitWaiting();
                Bytes.write(second, "two");
                assertThat(reading.get()).isEqualTo("two");
            }
            assertThat(kind.call(() -> Bytes.read(reader)).get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterTheWaitAReadIsNotAtTheEnd(OnThread kind) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path)) {
            Fifo.open(path, StandardOpenOption.WRITE).close();
            assertThat(Bytes.read(reader)).isEqualTo("EOF");
            Running<Boolean> waiting = kind.run(reader::awaitPeer).awaitWaiting();
            waiting.interrupt();
            assertThat(waiting.failure()).isInstanceOf(InterruptedIOException.class);

            Running<String> reading = kind.call(() -> Bytes.read(reader)).awaitWaiting();
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(100)))
                    .isLessThan(Duration.ofMillis(50).toNanos());
            write(path, "word");
            assertThat(reading.get()).isEqualTo("word");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNextWriterThatSaysNothingIsOneToo(OnThread kind) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path)) {
            Fifo.open(path, StandardOpenOption.WRITE).close();
            Running<Boolean> waiting = kind.run(reader::awaitPeer).awaitWaiting();
            assertThat(Running.staysWaiting(waiting)).isTrue();
            Fifo.open(path, StandardOpenOption.WRITE).close();
            assertThat(waiting.get()).isTrue();
            assertThat(Bytes.read(reader)).isEqualTo("EOF");
        }
    }

    @Test
    void aWatchIsToldOfTheNextWriterAndOfNothingBefore() throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        List<Hangup> told = new CopyOnWriteArrayList<>();
        try (Fifo reader = Fifo.open(path);
                HangupWatch watch = reader.onHangup(told::add)) {
            assertThat(watch).isNotNull();
            Fifo.open(path, StandardOpenOption.WRITE).close();
            await().untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_CLOSED));
            Running<Boolean> waiting = OnThread.VIRTUAL.run(reader::awaitPeer).awaitWaiting();
            await().during(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(told).containsExactly(Hangup.PEER_CLOSED));
            try (Fifo writer = Fifo.open(path, StandardOpenOption.WRITE)) {
                assertThat(waiting.get()).isTrue();
                await().untilAsserted(
                        () -> assertThat(told).containsExactly(Hangup.PEER_CLOSED, Hangup.PEER_RETURNED));
                writer.close();
            }
            await().untilAsserted(() -> assertThat(told)
                    .containsExactly(Hangup.PEER_CLOSED, Hangup.PEER_RETURNED, Hangup.PEER_CLOSED));
        }
    }

    private static void write(Path path, String text) throws IOException {
        try (Fifo writer = Fifo.open(path, StandardOpenOption.WRITE)) {
            Bytes.write(writer, text);
        }
    }

    @Test
    void aPathThatIsASocketIsToldAsTheKernelTellsIt() throws IOException {
        Path path = folder.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> Descriptor.open(path, StandardOpenOption.WRITE))
                    .hasMessage("open " + path + ": ENXIO (No such device or address)");
            assertThatThrownBy(() -> Fifo.open(path, StandardOpenOption.WRITE))
                    .hasMessage("open " + path + ": EINVAL (Invalid argument), not a FIFO");
        }
    }
}
