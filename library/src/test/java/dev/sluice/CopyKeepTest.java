// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies that keep a FIFO when its peer has left: they go on with the next one, and end when they should. */
@ExtendWith(NothingLeft.class)
class CopyKeepTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void makeFifo() throws IOException {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    /** A copy that has delivered a word to its first reader, and that one has left. */
    private Running<CopyResult> afterItsReader(OnThread kind, Descriptor from, Descriptor feed, Fifo to, Copy copy)
            throws Exception {
        try (Fifo reader = Fifo.open(path)) {
            Running<CopyResult> running = kind.call(copy::run);
            Bytes.write(feed, "first");
            assertThat(Bytes.read(reader)).isEqualTo("first");
            running.awaitWaiting();
            reader.close();
            assertThat(to.awaitHangup()).isEqualTo(Hangup.READER_GONE);
            assertThat(Running.staysWaiting(running)).as("%s is quiet", from).isTrue();
            return running;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfItsSourceEndsItWhenNobodyReads(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from.source()).to(to).keepDestination(true);
            Running<CopyResult> running = afterItsReader(kind, from.source(), from.sink(), to, copy);
            from.sink().close();
            assertThat(running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(running.get().bytes()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void alsoWhereTheSourceIsASocketThatSendsNoMore(OnThread kind) throws Exception {
        Descriptor[] pair = Libc.socketPair();
        try (Descriptor from = pair[0];
                Descriptor feed = pair[1];
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from).to(to).keepDestination(true);
            Running<CopyResult> running = afterItsReader(kind, from, feed, to, copy);
            Libc.shutDownWriting(feed);
            assertThat(running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatFailsMeanwhileFailsIt(OnThread kind) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Descriptor from = Libc.connect(server.getLocalPort());
                Socket peer = server.accept();
                Fifo to = Fifo.open(path, WRITE)) {
            peer.getOutputStream().write('x');
            Copy copy = Copy.from(from).to(to).keepDestination(true);
            Running<CopyResult> running;
            try (Fifo reader = Fifo.open(path)) {
                running = kind.call(copy::run);
                assertThat(Bytes.read(reader)).isEqualTo("x");
            }
            assertThat(to.awaitHangup()).isEqualTo(Hangup.READER_GONE);
            peer.setSoLinger(true, 0);
            peer.close();
            assertThat(running.failure()).hasMessageContaining("ECONNRESET");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatStillWaitsIsForTheNextReader(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from.source()).to(to).keepDestination(true);
            Running<CopyResult> running = afterItsReader(kind, from.source(), from.sink(), to, copy);
            Bytes.write(from.sink(), "for the next");
            from.sink().close();
            assertThat(Running.staysWaiting(running)).isTrue();
            assertThat(Libc.available(from.source())).as("nothing is taken before").isEqualTo(12);
            try (Fifo next = Fifo.open(path)) {
                assertThat(running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
                assertThat(Bytes.read(next)).isEqualTo("for the next");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAReaderHasLeftInTheFifoIsForTheNext(OnThread kind) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "word");
        try (Descriptor from = Descriptor.open(file);
                Fifo to = Fifo.open(path, WRITE)) {
            Running<CopyResult> running;
            try (Fifo first = Fifo.open(path)) {
                to.awaitPeer();
                Bytes.write(to, "left ");
                assertThat(Libc.available(first)).isEqualTo(5);
            }
            running = kind.call(() -> Copy.from(from).to(to).keepDestination(true).limit(4).run());
            assertThat(Running.staysWaiting(running)).isTrue();
            try (Fifo next = Fifo.open(path)) {
                assertThat(running.get().end()).isEqualTo(CopyResult.End.LIMIT);
                assertThat(Bytes.read(next)).isEqualTo("left word");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWaitForTheNextReaderEndsAsAnyOther(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from.source()).to(to).keepDestination(true);
            Running<CopyResult> interrupted = afterItsReader(kind, from.source(), from.sink(), to, copy);
            interrupted.interrupt();
            assertThat(interrupted.get().end()).isEqualTo(CopyResult.End.INTERRUPTED);

            assertThat(kind.call(copy.idleTimeout(Duration.ofMillis(30))::run).get().end())
                    .isEqualTo(CopyResult.End.IDLE_TIMEOUT);
            copy.deadline(Duration.ofMillis(20)).idleTimeout(Duration.ofMinutes(1));
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.DEADLINE);
            copy.deadline(Duration.ofMinutes(1));

            Running<CopyResult> late = kind.call(copy::run).awaitWaiting();
            from.source().setReadDeadline(Duration.ZERO);
            assertThat(late.get().end()).isEqualTo(CopyResult.End.DEADLINE);
            from.source().clearReadDeadline();

            Running<CopyResult> closed = kind.call(copy::run).awaitWaiting();
            from.source().close();
            assertThat(closed.get().end()).isEqualTo(CopyResult.End.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDestinationIsClosedMeanwhile(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Fifo to = Fifo.open(path, WRITE)) {
            Copy copy = Copy.from(from.source()).to(to).keepDestination(true);
            Running<CopyResult> running = afterItsReader(kind, from.source(), from.sink(), to, copy);
            to.close();
            assertThat(running.get().end()).isEqualTo(CopyResult.End.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSourceIsKeptForOneWriterAfterAnother(OnThread kind) throws Exception {
        try (Fifo from = Fifo.open(path);
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from).to(to.sink()).keepSource(true).run());
            for (int writer = 0; writer < 5; writer++) {
                copy.awaitWaiting();
                Fifo.open(path, WRITE).close(); // one that says nothing
                try (Fifo one = Fifo.open(path, WRITE)) {
                    Bytes.write(one, "word " + writer);
                }
                assertThat(Bytes.read(to.source())).isEqualTo("word " + writer);
            }
            assertThat(Running.staysWaiting(copy)).isTrue();
            long cpu = Cpu.leastNanosDuring(Duration.ofMillis(100));
            assertThat(cpu).as("a wait is no busy loop").isLessThan(50_000_000);
            to.source().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
            assertThat(copy.get().bytes()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothMayBeKept(OnThread kind) throws Exception {
        Path other = folder.resolve("other");
        Fifo.create(other);
        try (Fifo from = Fifo.open(path);
                Fifo to = Fifo.open(other, WRITE)) {
            Running<CopyResult> copy = kind.call(() ->
                    Copy.from(from).to(to).keepSource(true).keepDestination(true).limit(12).run());
            for (String word : new String[] {"word 0", "word 1"}) {
                try (Fifo writer = Fifo.open(path, WRITE);
                        Fifo reader = Fifo.open(other)) {
                    Bytes.write(writer, word);
                    assertThat(Bytes.read(reader)).isEqualTo(word);
                }
            }
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.LIMIT);
        }
    }

    @Test
    void nothingElseCanBeKept() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Copy copy = Copy.from(pipe.source()).to(pipe.sink());
            assertThatThrownBy(() -> copy.keepSource(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not a FIFO: pipe (read end)");
            assertThatThrownBy(() -> copy.keepDestination(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not a FIFO: pipe (write end)");
        }
    }
}
