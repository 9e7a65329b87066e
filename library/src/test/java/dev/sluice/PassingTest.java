// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.Opening;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.OpenFiles;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptors that are passed over a Unix-domain connection: each arrives, works, and none is left behind. */
@ExtendWith(NothingLeft.class)
class PassingTest {
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void eachArrivesAsWhatItIsAndCloseOnExec(OnThread kind) throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "from the file");
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open();
                Descriptor file = Descriptor.open(path);
                Connection.Pair stream = Connection.pair();
                MessageSocket.Pair messages = MessageSocket.pair(MessageSocket.Type.DATAGRAM);
                Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Pty pty = Pty.raw()) {
            Running<Received> receiving = kind.call(() -> pair.other().receive(ByteBuffer.allocate(10), 8))
                    .awaitWaiting();
            List<Descriptor> passed =
                    List.of(pipe.source(), pipe.sink(), file, stream.one(), messages.one(), listener, pty.slave());
            pair.one().send(Bytes.of("x"), passed);
            try (Received received = receiving.get()) {
                assertThat(received.bytes()).isEqualTo(1);
                assertThat(received.descriptorsLost()).isFalse();
                List<Descriptor> got = received.descriptors();
                assertThat(got).hasSize(7);
                for (Descriptor descriptor : got) {
                    assertThat(Numbers.flags(descriptor) & O_CLOEXEC).as("%s", descriptor).isNotZero();
                }
                Bytes.write(got.get(1), "through the pipe");
                assertThat(Bytes.read(got.get(0))).isEqualTo("through the pipe");
                assertThat(Bytes.read(got.get(2))).isEqualTo("from the file");
                assertThat(Bytes.read(file)).as("the position is shared").isEqualTo("EOF");
                assertThat(got.get(3)).isInstanceOf(Connection.class);
                assertThat(Numbers.flags(got.get(3)) & O_NONBLOCK).isNotZero();
                Bytes.write(got.get(3), "through the connection");
                assertThat(Bytes.read(stream.other())).isEqualTo("through the connection");
                assertThat(got.get(4)).isInstanceOf(MessageSocket.class);
                Bytes.write(got.get(4), "a message");
                assertThat(Bytes.read(messages.other())).isEqualTo("a message");
                try (Connection client = Connection.connect(listener.localAddress());
                        Connection accepted = ((Listener) got.get(5)).accept()) {
                    Bytes.write(client, "through the listener");
                    assertThat(Bytes.read(accepted)).isEqualTo("through the listener");
                }
                Bytes.write(got.get(6), "to the terminal");
                assertThat(Bytes.read(pty.master())).isEqualTo("to the terminal");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyGoWithTheFirstByteAndAllBytesFollow(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(3_000_017, 3);
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            Bytes.write(pair.one(), "before");
            for (ByteBuffer data : List.of(ByteBuffer.wrap(bytes), ByteBuffer.allocateDirect(bytes.length))) {
                if (data.isDirect()) {
                    data.put(bytes).flip();
                }
                Running<Boolean> sending = kind.run(() -> pair.one().send(data, List.of(pipe.sink())))
                        .awaitWaiting();
                if (!data.isDirect()) {
                    try (Received before = pair.other().receive(ByteBuffer.allocate(6), 1)) {
                        assertThat(before.descriptors()).isEmpty();
                    }
                }
                try (Received first = pair.other().receive(ByteBuffer.allocate(1), 1)) {
                    assertThat(first.descriptors()).hasSize(1);
                }
                byte[] rest = new byte[bytes.length];
                rest[0] = bytes[0];
                ByteBuffer into = ByteBuffer.wrap(rest).position(1);
                while (into.hasRemaining()) {
                    try (Received more = pair.other().receive(into, 1)) {
                        assertThat(more.bytes()).isPositive();
                        assertThat(more.descriptors()).isEmpty();
                    }
                }
                sending.get();
                assertThat(data.hasRemaining()).isFalse();
                assertThat(Arrays.mismatch(rest, bytes)).isEqualTo(-1);
            }
            pair.one().close();
            assertThat(pair.other().receive(ByteBuffer.allocate(1), 1).bytes()).isEqualTo(-1);
            assertThat(pair.other().receive(ByteBuffer.allocate(0), 1).bytes()).isZero();
        }
    }

    @Test
    void moreThanTheKernelTakesAreRefusedBeforeAnythingIsSent() throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> pair.one().send(Bytes.of("x"), Collections.nCopies(254, pipe.sink())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("254 descriptors: one message takes 253 at most");
            assertThatThrownBy(() -> pair.one().send(Bytes.of(""), List.of(pipe.sink())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("descriptors go with a byte at least");
            assertThatThrownBy(() -> pair.other().receive(ByteBuffer.allocate(1), 254))
                    .isInstanceOf(IllegalArgumentException.class);
            pair.one().send(Bytes.of("y"), Collections.nCopies(253, pipe.sink()));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            try (Received received = pair.other().receive(buffer, 253)) {
                assertThat(received.descriptors()).hasSize(253);
                assertThat(received.bytes()).as("nothing had been sent before").isEqualTo(1);
                assertThat(buffer.get(0)).isEqualTo((byte) 'y');
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "5,0", "5,1", "5,2", "5,3", "5,4", "5,5", "253,252", "253,1"})
    void whatThereIsNoRoomForIsClosedAndTold(int sent, int room) throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            String target = Numbers.target(Numbers.of(pipe.sink()));
            pair.one().send(Bytes.of("x"), Collections.nCopies(sent, pipe.sink()));
            try (Received received = pair.other().receive(ByteBuffer.allocate(1), room)) {
                assertThat(received.descriptors()).hasSize(room);
                assertThat(received.descriptorsLost()).isEqualTo(room < sent);
                assertThat(OpenFiles.count(target)).isEqualTo(2 + room);
            }
            assertThat(OpenFiles.count(target)).isEqualTo(2);
        }
    }

    @Test
    void aPlainReadClosesThem() throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            String target = Numbers.target(Numbers.of(pipe.sink()));
            pair.one().send(Bytes.of("x"), List.of(pipe.sink(), pipe.source()));
            assertThat(Bytes.read(pair.other())).isEqualTo("x");
            assertThat(OpenFiles.count(target)).isEqualTo(2);
        }
    }

    @Test
    void oneThatCannotBeUsedCostsTheOthersAndNothingStays() throws Exception {
        CallState state = CallState.acquire();
        int place = FileCalls.open(state, folder, Constants.O_PATH, 0);
        state.release();
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open();
                Descriptor unusable = new Descriptor(Opening.socket(place, "a place", Kind.OTHER))) {
            String target = Numbers.target(Numbers.of(pipe.sink()));
            pair.one().send(Bytes.of("x"), List.of(pipe.sink(), pair.one(), unusable, pipe.source()));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            assertThatThrownBy(() -> pair.other().receive(buffer, 10)).hasMessageContaining("O_PATH");
            assertThat(OpenFiles.count(target)).isEqualTo(2);
            assertThat(OpenFiles.count(Numbers.target(place))).isEqualTo(1);
            pair.one().send(Bytes.of("again"), List.of(pipe.sink()));
            try (Received received = pair.other().receive(buffer.clear(), 1)) {
                assertThat(received.descriptors()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveIsEndedAsAReadIsAndLosesNothing(OnThread kind) throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            pair.one().setReadDeadline(Duration.ofMillis(20));
            assertThat(kind.call(() -> pair.one().receive(buffer, 2)).failure())
                    .isInstanceOf(SocketTimeoutException.class);
            pair.one().clearReadDeadline();
            Running<Received> interrupted =
                    kind.call(() -> pair.one().receive(buffer, 2)).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
            pair.other().send(Bytes.of("x"), List.of(pipe.sink()));
            try (Received received = kind.call(() -> pair.one().receive(buffer, 2)).get()) {
                assertThat(received.descriptors()).hasSize(1);
            }
            Running<Received> closed =
                    kind.call(() -> pair.one().receive(buffer, 2)).awaitWaiting();
            pair.one().close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSendIsEndedAsAWriteIs(OnThread kind) throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            List<Descriptor> passed = List.of(pipe.sink());
            Bytes.fill(pair.one());
            pair.one().setWriteDeadline(Duration.ofMillis(20));
            ByteBuffer data = Bytes.of("not sent");
            assertThat(kind.run(() -> pair.one().send(data, passed)).failure())
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(data.position()).isZero();
            pair.one().clearWriteDeadline();
            Running<Boolean> interrupted =
                    kind.run(() -> pair.one().send(data, passed)).awaitWaiting();
            interrupted.interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);
            Running<Boolean> closed =
                    kind.run(() -> pair.one().send(data, passed)).awaitWaiting();
            pair.one().close();
            assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsToBePassedCanBeClosedWhileTheSendWaits(OnThread kind) throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            int full = Bytes.fill(pair.one());
            Running<Boolean> sending = kind.run(() -> pair.one().send(Bytes.of("x"), List.of(pipe.sink())))
                    .awaitWaiting();
            pipe.sink().close();
            assertThat(Bytes.read(pipe.source())).as("it is closed, and not held").isEqualTo("EOF");
            for (int rest = full; rest > 0; ) {
                rest -= pair.other().read(ByteBuffer.allocate(rest));
            }
            assertThat(sending.failure()).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void whatIsClosedCannotBePassed() throws Exception {
        try (Connection.Pair pair = Connection.pair();
                Pipe pipe = Pipe.open()) {
            pipe.source().close();
            assertThatThrownBy(() -> pair.one().send(Bytes.of("x"), List.of(pipe.sink(), pipe.source())))
                    .isInstanceOf(ClosedChannelException.class);
            pipe.sink().close(); // nobody holds it
        }
    }

    @Test
    void theSenderMayCloseAtOnceAndAConnectionMayCarryItself() throws Exception {
        try (Connection.Pair pair = Connection.pair()) {
            pair.one().send(Bytes.of("x"), List.of(pair.one()));
            pair.one().close();
            try (Received received = pair.other().receive(ByteBuffer.allocate(1), 1)) {
                Bytes.write(received.descriptors().getFirst(), "still there");
                assertThat(Bytes.read(pair.other())).isEqualTo("still there");
            }
            assertThat(Bytes.read(pair.other())).isEqualTo("EOF");
        }
    }

    @Test
    void aFifosWriterIsPassedWhenItHasAReader() throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Connection.Pair pair = Connection.pair();
                Fifo writer = Fifo.open(path, StandardOpenOption.WRITE)) {
            Running<Boolean> sending = OnThread.VIRTUAL
                    .run(() -> pair.one().send(Bytes.of("x"), List.of(writer)))
                    .awaitWaiting();
            try (Fifo reader = Fifo.open(path);
                    Received received = pair.other().receive(ByteBuffer.allocate(1), 1)) {
                sending.get();
                Bytes.write(received.descriptors().getFirst(), "hello");
                assertThat(Bytes.read(reader)).isEqualTo("hello");
            }
        }
    }

    @Test
    void tcpWouldDropThemAndIsRefused() throws Exception {
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Connection client = Connection.connect(listener.localAddress());
                Connection server = listener.accept()) {
            assertThatThrownBy(() -> client.send(Bytes.of("x"), List.of(server)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("EOPNOTSUPP");
            client.send(Bytes.of("plain"), List.of());
            try (Received received = server.receive(ByteBuffer.allocate(10), 3)) {
                assertThat(received.bytes()).isEqualTo(5);
                assertThat(received.descriptors()).isEmpty();
                assertThat(received.descriptorsLost()).isFalse();
            }
        }
    }

    @Test
    void inheritedConnectionsInBlockingModePassThemToo() throws Exception {
        Descriptor[] pair = Libc.socketPair();
        try (Connection one = (Connection) pair[0];
                Connection other = (Connection) pair[1];
                Pipe pipe = Pipe.open()) {
            Running<Received> receiving = OnThread.VIRTUAL
                    .call(() -> other.receive(ByteBuffer.allocate(10), 1))
                    .awaitWaiting();
            one.send(Bytes.of("x"), List.of(pipe.sink()));
            try (Received received = receiving.get()) {
                assertThat(received.descriptors()).hasSize(1);
            }
        }
    }
}
