// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Destinations that come and go while a fan-out runs. */
@ExtendWith(NothingLeft.class)
class FanOutJoinTest {
    private Pipe source;
    private Pipe first;
    private Pipe second;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws Exception {
        source = Pipe.open();
        first = Pipe.open();
        second = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        source.close();
        first.close();
        second.close();
    }

    private static String rest(Pipe of) throws Exception {
        of.sink().close();
        return new String(Bytes.readAll(of.source()), ISO_8859_1);
    }

    /** Also where a round has begun that takes it: here the listener, who is told within one, joins and writes. */
    @ParameterizedTest
    @EnumSource
    void whoHasJoinedGetsWhatIsWrittenAfterwards(OnThread kind) throws Exception {
        FanOut fanOut = FanOut.from(source.source());
        fanOut.add(first.sink(), SlowPolicy.block());
        try (Pipe leaving = Pipe.open()) {
            FanOut.Destination left = fanOut.add(leaving.sink(), SlowPolicy.block());
            fanOut.onChange(changed -> {
                if (changed == left) {
                    fanOut.add(second.sink(), SlowPolicy.block());
                    writeAndClose("new");
                }
            });
            Running<FanOutResult> run = kind.call(fanOut::run);
            left.remove();
            assertThat(run.get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
        }
        assertThat(rest(first)).isEqualTo("new");
        assertThat(rest(second)).isEqualTo("new");
    }

    @ParameterizedTest
    @EnumSource
    void whoJoinsWhenTheLastOneLeavesKeepsItGoing(OnThread kind) throws Exception {
        FanOut fanOut = FanOut.from(source.source());
        FanOut.Destination left = fanOut.add(first.sink(), SlowPolicy.block());
        fanOut.onChange(changed -> {
            if (changed == left) {
                fanOut.add(second.sink(), SlowPolicy.block());
            }
        });
        Running<FanOutResult> run = kind.call(fanOut::run);
        left.remove();
        await().until(() -> left.end() == DestinationEnd.REMOVED);
        writeAndClose("new");
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
        assertThat(rest(second)).isEqualTo("new");
    }

    private void writeAndClose(String words) {
        try {
            Bytes.write(source.sink(), words);
            source.sink().close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoComesLateGetsWhatIsNewAndWhoLeavesNoMore(OnThread kind) throws Exception {
        FanOut fanOut = FanOut.from(source.source());
        FanOut.Destination early = fanOut.add(first.sink(), SlowPolicy.block());
        Running<FanOutResult> run = kind.call(fanOut::run);
        Bytes.write(source.sink(), "one ");
        assertThat(Bytes.read(first.source())).isEqualTo("one ");
        FanOut.Destination late = fanOut.add(second.sink(), SlowPolicy.block());
        Bytes.write(source.sink(), "two ");
        assertThat(Bytes.read(second.source())).isEqualTo("two ");
        early.remove();
        await().until(() -> early.end() == DestinationEnd.REMOVED);
        Bytes.write(source.sink(), "three");
        source.sink().close();

        assertThat(run.get().bytes()).isEqualTo("one two three".length());
        assertThat(rest(first)).isEqualTo("two ");
        assertThat(rest(second)).isEqualTo("three");
        assertThat(early.bytes()).isEqualTo("one two ".length());
        assertThat(late.bytes()).isEqualTo("two three".length());
        assertThat(late.end()).isEqualTo(DestinationEnd.END_OF_SOURCE);
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksForItGetsTheLastBytesFirst(OnThread kind) throws Exception {
        FanOut fanOut = FanOut.from(source.source(), 10);
        fanOut.add(first.sink(), SlowPolicy.block());
        Running<FanOutResult> run = kind.call(fanOut::run);
        Bytes.write(source.sink(), "0123456789abcdefgh");
        assertThat(Bytes.read(first.source())).isEqualTo("0123456789abcdefgh");
        FanOut.Destination late = fanOut.add(second.sink(), SlowPolicy.block(), 1000);
        assertThat(Bytes.read(second.source())).isEqualTo("89abcdefgh");
        Bytes.write(source.sink(), "IJ");
        assertThat(Bytes.read(second.source())).isEqualTo("IJ");
        assertThat(Bytes.read(first.source())).isEqualTo("IJ");
        late.remove();
        await().until(() -> late.end() == DestinationEnd.REMOVED);
        fanOut.add(second.sink(), SlowPolicy.block(), 3);
        assertThat(Bytes.read(second.source())).isEqualTo("hIJ");
        source.sink().close();
        assertThat(run.get().end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
    }

    @ParameterizedTest
    @EnumSource
    void aDestinationThatSomebodyElseWritesToMissesNothing(OnThread kind) throws Exception {
        int size = Bytes.fill(first.sink());
        Running<Boolean> other = OnThread.PLATFORM.run(() -> Bytes.write(first.sink(), "theirs "));
        other.awaitWaiting();
        FanOut fanOut = FanOut.from(source.source());
        FanOut.Destination slow = fanOut.add(first.sink(), SlowPolicy.skip(100));
        FanOut.Destination fast = fanOut.add(second.sink(), SlowPolicy.block());
        Running<FanOutResult> run = kind.call(fanOut::run);
        Bytes.write(source.sink(), "ours");
        assertThat(Bytes.read(second.source())).isEqualTo("ours");
        await().until(() -> slow.waiting() == 4);
        ByteBuffer filled = ByteBuffer.allocate(size);
        while (filled.hasRemaining()) {
            first.source().read(filled);
        }
        other.get();
        await().until(() -> slow.bytes() == 4);
        source.sink().close();
        run.get();
        assertThat(rest(first)).isEqualTo("theirs ours");
        assertThat(fast.skipped() + slow.skipped()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aFifoThatHasNoReaderYetIsWaitedFor(OnThread kind) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo writer = Fifo.open(path, WRITE)) {
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination fifo = fanOut.add(writer, SlowPolicy.skip(1000));
            fanOut.add(first.sink(), SlowPolicy.block());
            Running<FanOutResult> run = kind.call(fanOut::run);
            Bytes.write(source.sink(), "early");
            assertThat(Bytes.read(first.source())).isEqualTo("early");
            await().until(() -> fifo.waiting() == 5);
            try (Fifo reader = Fifo.open(path)) {
                assertThat(Bytes.read(reader)).isEqualTo("early");
                await().until(() -> fifo.waiting() == 0);
            }
            await().until(() -> fifo.end() == DestinationEnd.GONE);
            source.sink().close();
            assertThat(run.get().bytes()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeWrittenHarmsNobodyElse(OnThread kind) throws Exception {
        Path appended = Files.writeString(folder.resolve("log"), "before ");
        try (Pipe closed = Pipe.open();
                Descriptor log = Descriptor.open(appended, APPEND);
                Descriptor full = Descriptor.open(Path.of("/dev/full"), WRITE)) {
            closed.close();
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination onClosed = fanOut.add(closed.sink(), SlowPolicy.block());
            FanOut.Destination onItself = fanOut.add(source.sink(), SlowPolicy.block());
            FanOut.Destination onFull = fanOut.add(full, SlowPolicy.block());
            FanOut.Destination onLog = fanOut.add(log, SlowPolicy.block());
            byte[] data = Bytes.noise(60_000, 3);
            Running<FanOutResult> run = kind.call(fanOut::run);
            await().until(() -> onItself.end() != null);
            Running<Boolean> feeder = OnThread.PLATFORM.run(() -> {
                Bytes.write(source.sink(), "x");
                for (int i = 0; i < 5; i++) {
                    source.sink().write(ByteBuffer.wrap(data));
                }
                await().until(() -> onLog.bytes() == 300_001);
                source.sink().close();
            });
            FanOutResult result = run.get();
            feeder.get();
            assertThat(result.spliced()).as("although neither takes a splice: %s", result).isPositive();
            assertThat(result.refusals()).isPositive();
            assertThat(onClosed.end()).isEqualTo(DestinationEnd.CLOSED);
            assertThat(onItself.end()).isEqualTo(DestinationEnd.FAILED);
            assertThat(onItself.failure()).hasMessageContaining("the same");
            assertThat(onFull.end()).isEqualTo(DestinationEnd.FAILED);
            assertThat(onFull.failure()).hasMessageContaining("ENOSPC");
            assertThat(onFull.bytes()).isZero();
            assertThat(onLog.bytes()).isEqualTo(300_001);
            assertThat(Files.size(appended)).isEqualTo("before ".length() + 300_001);
        }
    }

    @Test
    void whatCannotJoinIsRefused() throws Exception {
        FanOut fanOut = FanOut.from(source.source());
        fanOut.add(first.sink(), SlowPolicy.block());
        assertThatThrownBy(() -> fanOut.add(first.sink(), SlowPolicy.block()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> fanOut.add(first.source(), SlowPolicy.block()))
                .isInstanceOf(NonWritableChannelException.class);
        assertThatThrownBy(() -> fanOut.add(second.sink(), SlowPolicy.block(), -1))
                .isInstanceOf(IllegalArgumentException.class);
        Descriptor[] messages = Libc.socketPair(Libc.SOCK_SEQPACKET);
        assertThatThrownBy(() -> fanOut.add(messages[0], SlowPolicy.block()))
                .isInstanceOf(IllegalArgumentException.class);
        messages[0].close();
        messages[1].close();
    }
}
