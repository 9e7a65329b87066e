// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.CpuTime;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wait is a wait: what nothing happens to costs nothing, hung up or not. */
@ExtendWith(NothingLeft.class)
class IdleTest {
    /** Of one processor. A loop would take a whole one; each timer of 20 ms on a virtual thread, a hundredth. */
    private static final double NIL = 0.05;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Running<?>> waits = new ArrayList<>();

    private Pipe pipe() throws Exception {
        Pipe pipe = Pipe.open();
        open.add(pipe);
        return pipe;
    }

    private void waiting(Running<?> work) {
        waits.add(work.awaitWaiting());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        for (Running<?> wait : waits) {
            wait.interrupt();
            await().until(wait::isDone);
        }
    }

    private static double cpuOfAnIdleHalfSecond() throws Exception {
        double least = 1;
        for (int i = 0; i < 5 && least >= NIL; i++) {
            least = Math.min(least, CpuTime.share(Duration.ofMillis(500), "ForkJoinPool.*", "sluice-.*", "test-.*"));
        }
        return least;
    }

    @ParameterizedTest
    @EnumSource
    void waitsCostNothing(OnThread kind, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        Pipe quiet = pipe();
        waiting(kind.call(() -> Bytes.read(quiet.source())));
        waiting(kind.call(quiet.sink()::awaitHangup));
        Pipe full = pipe();
        Bytes.fill(full.sink());
        waiting(kind.call(() -> full.sink().write(ByteBuffer.allocate(1))));
        Fifo reader = Fifo.open(path);
        open.add(reader);
        waiting(kind.call(() -> Bytes.read(reader)));

        assertThat(cpuOfAnIdleHalfSecond()).isLessThan(NIL);
        assertThat(waits).noneMatch(Running::isDone);
    }

    @ParameterizedTest
    @EnumSource
    void hangupsCostNothingAfterwards(OnThread kind, @TempDir Path folder) throws Exception {
        List<Hangup> told = new CopyOnWriteArrayList<>();
        // A writer has gone, unread data is there, and somebody listens.
        Pipe left = pipe();
        left.source().onHangup(told::add);
        Bytes.write(left.sink(), "unread");
        left.sink().close();
        // A reader has gone while the pipe is full: ERR alone.
        Pipe full = pipe();
        full.sink().onHangup(told::add);
        Bytes.fill(full.sink());
        full.source().close();
        // Nobody listens, but somebody has waited before, so a poller knows of it.
        Pipe known = pipe();
        Running<String> reading = kind.call(() -> Bytes.read(known.source())).awaitWaiting();
        Bytes.write(known.sink(), "x");
        reading.get();
        known.sink().close();
        // A terminal's slave, a Unix socket's half-closed peer.
        Pty pty = Pty.raw();
        open.add(pty);
        pty.master().onHangup(told::add);
        pty.slave().close();
        Descriptor[] pair = Libc.socketPair();
        open.addAll(List.of(pair));
        pair[0].onHangup(told::add);
        Libc.shutDownWriting(pair[1]);
        await().until(() -> told.size() == 4);
        // Waits that a level of HUP or RDHUP must not end: for the next writer, the next reader, the half-closed one's
        // room.
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        Fifo reader = Fifo.open(path);
        Fifo writer = Fifo.connect(path, WRITE);
        open.add(reader);
        open.add(writer);
        writer.close();
        waiting(kind.call(() -> pair[0].write(ByteBuffer.allocate(10_000_000))));
        Path other = folder.resolve("other");
        Fifo.create(other);
        Fifo alone = Fifo.open(other);
        open.add(alone);
        Fifo lonely = Fifo.connect(other, WRITE);
        open.add(lonely);
        alone.close();
        waiting(kind.run(lonely::awaitPeer));

        assertThat(cpuOfAnIdleHalfSecond()).isLessThan(NIL);
        assertThat(waits).noneMatch(Running::isDone);
        assertThat(told).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void aDestinationThatStaysFullCostsNothing(OnThread kind) throws Exception {
        Pipe from = pipe();
        Pipe to = pipe();
        Bytes.fill(from.sink());
        Bytes.fill(to.sink());
        waiting(kind.call(() -> Copy.from(from.source()).to(to.sink()).run()));

        assertThat(cpuOfAnIdleHalfSecond()).isLessThan(NIL);
        assertThat(waits).noneMatch(Running::isDone);
    }

    @ParameterizedTest
    @EnumSource
    void aPeekThatWaitsForMoreThanIsThereCostsNothing(OnThread kind) throws Exception {
        Pipe begun = pipe();
        Bytes.write(begun.sink(), "a line that has begu");
        waiting(kind.call(() -> begun.source().peek(ByteBuffer.allocate(100), 20)));
        Descriptor[] pair = Libc.socketPair();
        open.addAll(List.of(pair));
        Bytes.write(pair[1], "a line that has begu");
        waiting(kind.call(() -> pair[0].peek(ByteBuffer.allocate(100), 20)));

        assertThat(cpuOfAnIdleHalfSecond()).isLessThan(NIL);
        assertThat(waits).noneMatch(Running::isDone);
    }

    /** Much has gone through before: then a copy asks for readiness only while it waits for that. */
    @ParameterizedTest
    @EnumSource
    void aCopyThatWaitsForItsNextReaderCostsNothing(OnThread kind, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        Fifo reader = Fifo.open(path);
        Fifo writer = Fifo.connect(path, WRITE);
        open.add(reader);
        open.add(writer);
        Pipe from = pipe();
        Bytes.write(from.sink(), "x".repeat(20_000));
        Running<CopyResult> copying =
                kind.call(() -> Copy.from(from.source()).to(writer).keepDestination(true).run());
        waiting(copying);
        await().until(() -> Libc.available(reader) == 20_000);
        reader.read(ByteBuffer.allocate(20_000));
        reader.close();
        Bytes.write(from.sink(), "for the next");

        assertThat(cpuOfAnIdleHalfSecond()).isLessThan(NIL);
        assertThat(waits).noneMatch(Running::isDone);
    }
}
