// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.SocketTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for a FIFO's peer: what ends it, and what comes through afterwards. */
@ExtendWith(NothingLeft.class)
class FifoWaitTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void make() throws Exception {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    private Fifo open(StandardOpenOption access) throws IOException {
        return Fifo.open(path, access);
    }

    private static StandardOpenOption other(StandardOpenOption access) {
        return access == StandardOpenOption.READ ? StandardOpenOption.WRITE : StandardOpenOption.READ;
    }

    @ParameterizedTest
    @CsvSource({"VIRTUAL,READ", "VIRTUAL,WRITE", "PLATFORM,READ", "PLATFORM,WRITE"})
    void thePeersOpenEndsIt(OnThread kind, StandardOpenOption access) throws Exception {
        Running<Fifo> connecting = kind.call(() -> Fifo.connect(path, access)).awaitWaiting();
        try (Fifo peer = open(other(access))) {
            Running<Boolean> peers = OnThread.VIRTUAL.run(peer::awaitPeer);
            Fifo connected = connecting.get();
            peers.get();
            connected.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"VIRTUAL,READ", "VIRTUAL,WRITE", "PLATFORM,READ", "PLATFORM,WRITE"})
    void interruptDeadlineAndCloseEndItAlsoAfterUnlink(OnThread kind, StandardOpenOption access) throws Exception {
        for (boolean unlinked : new boolean[] {false, true}) {
            try (Fifo fifo = open(access)) {
                if (unlinked) {
                    Files.delete(path);
                }
                Running<Boolean> interrupted = kind.run(fifo::awaitPeer).awaitWaiting();
                interrupted.interrupt();
                assertThat(interrupted.failure()).isInstanceOf(InterruptedIOException.class);

                if (access == StandardOpenOption.READ) {
                    fifo.setReadDeadline(Duration.ofMillis(30));
                } else {
                    fifo.setWriteDeadline(Duration.ofMillis(30));
                }
                assertThat(kind.run(fifo::awaitPeer).failure()).isInstanceOf(SocketTimeoutException.class);
                if (access == StandardOpenOption.READ) {
                    fifo.clearReadDeadline();
                } else {
                    fifo.clearWriteDeadline();
                }

                Running<Boolean> closed = kind.run(fifo::awaitPeer).awaitWaiting();
                fifo.close();
                assertThat(closed.failure()).isInstanceOf(AsynchronousCloseException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadAndAWriteThatWaitForTheOpenAreEndedByClose(OnThread kind) throws Exception {
        Fifo reader = open(StandardOpenOption.READ);
        Running<String> reading = kind.call(() -> Bytes.read(reader)).awaitWaiting();
        reader.close();
        assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);

        Fifo writer = open(StandardOpenOption.WRITE);
        Running<Boolean> writing = kind.run(() -> Bytes.write(writer, "x")).awaitWaiting();
        writer.close();
        assertThat(writing.failure()).isInstanceOf(AsynchronousCloseException.class);

        try (Fifo held = open(StandardOpenOption.READ);
                Fifo silent = Fifo.connect(path, StandardOpenOption.WRITE)) {
            Running<String> quiet = kind.call(() -> Bytes.read(held)).awaitWaiting();
            held.close();
            assertThat(quiet.failure()).as("with a writer").isInstanceOf(AsynchronousCloseException.class);
            assertThat(silent.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenBeforeTheReaderOpensIsDelivered(OnThread kind) throws Exception {
        try (Fifo writer = open(StandardOpenOption.WRITE)) {
            Running<Boolean> writing = kind.run(() -> {
                Bytes.write(writer, "early");
                writer.close();
            });
            writing.awaitWaiting();
            try (Fifo reader = open(StandardOpenOption.READ)) {
                assertThat(kind.call(() -> Bytes.readAll(reader)).get()).asString().isEqualTo("early");
                assertThat(kind.call(() -> Bytes.read(reader)).get()).as("the end, again").isEqualTo("EOF");
            }
            writing.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWaitsForItsFirstWriterAndReadsOnAfterAnother(OnThread kind) throws Exception {
        try (Fifo reader = open(StandardOpenOption.READ)) {
            for (int i = 0; i < 3; i++) {
                String word = "writer " + i;
                Running<String> reading = i == 0 ? kind.call(() -> Bytes.read(reader)).awaitWaiting() : null;
                try (Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
                    Bytes.write(writer, word);
                }
                assertThat(reading != null ? reading.get() : Bytes.read(reader)).isEqualTo(word);
                assertThat(kind.call(() -> Bytes.read(reader)).get()).isEqualTo("EOF");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatOnlyOpensAndLeavesIsTheEnd(OnThread kind) throws Exception {
        try (Fifo reader = open(StandardOpenOption.READ)) {
            Running<String> reading = kind.call(() -> Bytes.read(reader)).awaitWaiting();
            Fifo.connect(path, StandardOpenOption.WRITE).close();
            assertThat(reading.get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHandleSurvivesThatThePathIsReplaced(OnThread kind) throws Exception {
        try (Fifo writer = open(StandardOpenOption.WRITE)) {
            Running<Boolean> writing = kind.run(() -> Bytes.write(writer, "to the old one")).awaitWaiting();
            Path moved = folder.resolve("moved");
            Files.move(path, moved);
            Fifo.create(path);
            try (Fifo wrong = open(StandardOpenOption.READ);
                    Fifo right = Fifo.open(moved)) {
                writing.get();
                assertThat(Bytes.read(right)).isEqualTo("to the old one");
                wrong.setReadDeadline(Duration.ofMillis(30));
                assertThat(OnThread.PLATFORM.call(() -> Bytes.read(wrong)).failure())
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void readersComeAndGoUnderAReadWriteHolder() throws Exception {
        try (Fifo holder = Fifo.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 5; i++) {
                try (Fifo reader = open(StandardOpenOption.READ)) {
                    Bytes.write(writer, "for " + i);
                    assertThat(Bytes.read(reader)).isEqualTo("for " + i);
                }
                Bytes.write(writer, "kept");
                assertThat(Bytes.read(holder)).isEqualTo("kept");
            }
        }
    }

    @Test
    void aProcessThatIsBlockedOnTheSameFifoIsNotReleasedByGivingUp() throws Exception {
        for (StandardOpenOption access : new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE}) {
            // It does what we do, so that we are not its peer; cat and echo block inside open(2).
            String command = access == StandardOpenOption.READ ? "cat < fifo" : "echo word > fifo";
            Process blocked = new ProcessBuilder("sh", "-c", command)
                    .directory(folder.toFile())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .start();
            try {
                Awaitility.await().until(() -> kernelStack(blocked.pid()).contains("wait_for_partner"));
                try (Fifo fifo = open(access)) {
                    Running<Boolean> waiting = OnThread.VIRTUAL.run(fifo::awaitPeer).awaitWaiting();
                    waiting.interrupt();
                    assertThat(waiting.failure()).isInstanceOf(InterruptedIOException.class);
                }
                // It may have been woken to look, but it found no peer. Released, it would have ended.
                Awaitility.await().until(() -> kernelStack(blocked.pid()).contains("wait_for_partner"));
                assertThat(blocked.isAlive()).isTrue();
            } finally {
                blocked.destroyForcibly().waitFor();
            }
        }
    }

    /** Where in the kernel the process, or its child, sleeps. */
    private static String kernelStack(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/wchan"));
    }

    @Test
    void fiveThousandWaitOnTwoCarriersWithoutAThreadEach() throws Exception {
        int count = 5000;
        List<Fifo> fifos = new ArrayList<>();
        List<Running<Boolean>> waiting = new ArrayList<>();
        int platformThreads = platformThreads();
        try {
            for (int i = 0; i < count; i++) {
                Fifo fifo = open(StandardOpenOption.WRITE);
                fifos.add(fifo);
                waiting.add(OnThread.VIRTUAL.run(fifo::awaitPeer));
            }
            for (Running<Boolean> one : waiting) {
                one.awaitWaiting();
            }
            assertThat(platformThreads() - platformThreads).isLessThan(10);
            // Others get on meanwhile.
            try (Pipe pipe = Pipe.open()) {
                Running<String> reading = OnThread.VIRTUAL.call(() -> Bytes.read(pipe.source())).awaitWaiting();
                Bytes.write(pipe.sink(), "alive");
                assertThat(reading.get()).isEqualTo("alive");
            }
            try (Fifo reader = open(StandardOpenOption.READ)) {
                for (Running<Boolean> one : waiting) {
                    one.get();
                }
                assertThat(reader.isOpen()).isTrue();
            }
        } finally {
            for (Fifo fifo : fifos) {
                fifo.close();
            }
        }
    }

    private static int platformThreads() {
        return Thread.getAllStackTraces().size();
    }
}
