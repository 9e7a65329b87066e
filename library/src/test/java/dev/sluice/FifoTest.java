// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing a FIFO while its peers come and go. */
@ExtendWith(NothingLeft.class)
class FifoTest {
    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void make() throws Exception {
        path = folder.resolve("fifo");
        Fifo.create(path);
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aReadWaitsForTheWriter(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path)) {
            Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
            try (Fifo writer = Fifo.open(path, WRITE)) {
                assertThat(Running.staysWaiting(reading)).as("a writer alone is no news").isTrue();
                Bytes.write(writer, "news");
                assertThat(reading.get()).isEqualTo("news");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriteWaitsForTheReader(OnThread thread) throws Exception {
        try (Fifo writer = Fifo.open(path, WRITE)) {
            Running<Boolean> writing = thread.run(() -> Bytes.write(writer, "news")).awaitWaiting();
            try (Fifo reader = Fifo.open(path)) {
                assertThat(writing.get()).isTrue();
                assertThat(Bytes.read(reader)).isEqualTo("news");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void whatIsWrittenAndClosedBeforeTheReaderReadsIsDelivered(OnThread thread) throws Exception {
        try (Fifo writer = Fifo.open(path, WRITE)) {
            Running<Boolean> writing = thread.run(() -> {
                        Bytes.write(writer, "early");
                        writer.close();
                    })
                    .awaitWaiting();
            try (Fifo reader = Fifo.open(path)) {
                assertThat(writing.get()).isTrue();
                assertThat(thread.call(() -> Bytes.readAll(reader)).get()).asString().isEqualTo("early");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void severalWritesThatWaitForTheReaderAreAllDelivered(OnThread thread) throws Exception {
        try (Fifo writer = Fifo.open(path, WRITE)) {
            Running<Boolean> one = thread.run(() -> Bytes.write(writer, "aaa")).awaitWaiting();
            Running<Boolean> two = thread.run(() -> Bytes.write(writer, "bbb")).awaitWaiting();
            try (Fifo reader = Fifo.open(path)) {
                assertThat(one.get() && two.get()).isTrue();
                assertThat(Bytes.read(reader)).isIn("aaabbb", "bbbaaa");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aHandleSurvivesThatItsNameIsUnlinkedAndReplaced(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path);
                Fifo writer = Fifo.open(path, WRITE)) {
            Files.delete(path);
            Fifo.create(path);
            try (Fifo stranger = Fifo.open(path)) {
                Bytes.write(writer, "old");
                assertThat(thread.call(() -> Bytes.read(reader)).get()).isEqualTo("old");
                stranger.setReadDeadline(Duration.ofMillis(20));
                assertThatThrownBy(() -> Bytes.read(stranger)).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriterThatStillWaitsSurvivesItToo(OnThread thread) throws Exception {
        Path link = folder.resolve("link");
        Files.createLink(link, path);
        try (Fifo writer = Fifo.open(path, WRITE)) {
            Running<Boolean> writing = thread.run(() -> Bytes.write(writer, "old")).awaitWaiting();
            Files.delete(path);
            Fifo.create(path);
            try (Fifo stranger = Fifo.open(path)) {
                assertThat(Running.staysWaiting(writing)).as("not released by the new one's reader").isTrue();
                try (Fifo reader = Fifo.open(link)) {
                    assertThat(writing.get()).isTrue();
                    assertThat(Bytes.read(reader)).isEqualTo("old");
                }
                assertThat(stranger.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void whatAWriterWroteCanBeReadAfterItHasGoneAndThenComesTheEndTwice(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path)) {
            try (Fifo writer = Fifo.open(path, WRITE)) {
                Bytes.write(writer, "last words");
            }
            assertThat(thread.call(() -> Bytes.read(reader)).get()).isEqualTo("last words");
            assertThat(thread.call(() -> Bytes.read(reader)).get()).isEqualTo("EOF");
            assertThat(thread.call(() -> Bytes.read(reader)).get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriterThatGoesWithoutAWordIsTheEndToAReadThatWaits(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path)) {
            Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
            Fifo.connect(path, WRITE).close();
            assertThat(reading.get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void theEndComesWithTheLastWriterOnly(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path);
                Fifo first = Fifo.connect(path, WRITE);
                Fifo second = Fifo.connect(path, WRITE)) {
            Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
            first.close();
            assertThat(Running.staysWaiting(reading)).isTrue();
            second.close();
            assertThat(reading.get()).isEqualTo("EOF");
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void afterTheEndReadingGoesOnWithTheNextWriter(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path)) {
            for (int i = 0; i < 20; i++) {
                String word = "word " + i;
                try (Fifo writer = Fifo.connect(path, WRITE)) {
                    Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
                    Bytes.write(writer, word);
                    assertThat(reading.get()).isEqualTo(word);
                }
                assertThat(thread.call(() -> Bytes.read(reader)).get()).isEqualTo("EOF");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriteAfterTheReaderHasGoneFails(OnThread thread) throws Exception {
        try (Fifo writer = Fifo.open(path, WRITE)) {
            Fifo reader = Fifo.open(path);
            Bytes.write(writer, "heard");
            reader.close();
            for (int i = 0; i < 20; i++) {
                assertThat(thread.run(() -> Bytes.write(writer, "lost")).failure())
                        .isInstanceOf(FileSystemException.class)
                        .hasMessage("write " + path + ": EPIPE (Broken pipe)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void aWriteThatWaitsInAFullFifoFailsWhenTheReaderGoes(OnThread thread) throws Exception {
        try (Fifo reader = Fifo.open(path);
                Fifo writer = Fifo.open(path, WRITE)) {
            Running<Boolean> writing =
                    thread.run(() -> writer.write(ByteBuffer.allocate(100_000))).awaitWaiting();
            reader.close();
            assertThat(writing.failure())
                    .hasMessageStartingWith("write " + path + ": EPIPE (Broken pipe), after 65536 bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void readersComeAndGoUnderAReadWriteHolder(OnThread thread) throws Exception {
        try (Fifo holder = Fifo.open(path, READ, WRITE)) {
            for (int i = 0; i < 20; i++) {
                String word = "word " + i;
                try (Fifo reader = Fifo.open(path)) {
                    Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
                    Bytes.write(holder, word);
                    assertThat(reading.get()).isEqualTo(word);
                }
                // With no reader but the holder itself there is no EPIPE, and nothing is lost.
                Bytes.write(holder, "kept " + i);
                assertThat(thread.call(() -> Bytes.read(holder)).get()).isEqualTo("kept " + i);
            }
        }
    }

    @Test
    void theWrongDirectionFailsAtOnce() throws Exception {
        try (Fifo reader = Fifo.open(path);
                Fifo pending = Fifo.open(folder.resolve("fifo"), WRITE);
                Fifo writer = Fifo.connect(path, WRITE)) {
            assertThatThrownBy(() -> Bytes.write(reader, "x")).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.write(fd -> true)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.setWriteDeadline(Duration.ZERO))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(reader::outputStream).isInstanceOf(NonWritableChannelException.class);
            for (Fifo each : new Fifo[] {writer, pending}) {
                assertThatThrownBy(() -> Bytes.read(each)).isInstanceOf(NonReadableChannelException.class);
                assertThatThrownBy(() -> each.read(fd -> true)).isInstanceOf(NonReadableChannelException.class);
                assertThatThrownBy(() -> each.setReadDeadline(Duration.ZERO))
                        .isInstanceOf(NonReadableChannelException.class);
                assertThatThrownBy(each::inputStream).isInstanceOf(NonReadableChannelException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void theWrongDirectionFailsAtOnceWithoutAPeerToo(OnThread thread) throws Exception {
        try (Fifo writer = Fifo.open(path, WRITE)) {
            assertThat(thread.call(() -> Bytes.read(writer)).failure()).isInstanceOf(NonReadableChannelException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeWhileAReadWaitsWithAndWithoutAWriter(boolean withWriter) throws Exception {
        for (OnThread thread : OnThread.values()) {
            Fifo reader = Fifo.open(path);
            try (Fifo writer = Fifo.open(path, WRITE)) {
                if (withWriter) {
                    writer.awaitPeer();
                }
                Running<String> reading = thread.call(() -> Bytes.read(reader)).awaitWaiting();
                reader.close();
                assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
                assertThatThrownBy(() -> Bytes.read(reader)).isExactlyInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void closeWhileAWriteWaitsForTheReader(OnThread thread) throws Exception {
        Fifo writer = Fifo.open(path, WRITE);
        Running<Boolean> writing = thread.run(() -> Bytes.write(writer, "x")).awaitWaiting();
        writer.close();
        assertThat(writing.failure()).isInstanceOf(AsynchronousCloseException.class);
    }
}
