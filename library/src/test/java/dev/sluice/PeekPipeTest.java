// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.copy.PipePool;
import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading from a pipe without taking: its slots, when it is full, and writers that wait. */
@ExtendWith(NothingLeft.class)
class PeekPipeTest {
    private static final int PAGE = 4096;
    private static final int SLOTS = 16;
    private static final int LARGE = 1 << 20;

    private Pipe pipe;

    @BeforeEach
    void open() throws Exception {
        pipe = Pipe.open();
    }

    @AfterEach
    void close() throws Exception {
        pipe.close();
        assertThat(PipePool.usedNow()).isZero();
    }

    /** Puts bytes into the pipe as splice(2) does: a slot for each. */
    private void spliceOneByOne(int count) throws IOException {
        CallState state = CallState.acquire();
        try (Pipe other = Pipe.open()) {
            for (int i = 0; i < count; i++) {
                Bytes.write(other.sink(), "x");
                assertThat(other.source().<Long>control(from ->
                                pipe.sink().control(to -> TransferCalls.splice(state, from, to, 1))))
                        .isEqualTo(1);
            }
        } finally {
            state.release();
        }
    }

    private String peek(int room, int beyond) throws IOException {
        return pipe.source().peek(ByteBuffer.allocate(room), beyond) + " bytes";
    }

    @ParameterizedTest
    @ValueSource(ints = {PAGE, 64 * 1024, 256 * 1024, LARGE})
    void allOfItIsSeenWhateverItsCapacity(int capacity) throws Exception {
        assertThat(pipe.sink().setPipeCapacity(capacity)).isEqualTo(capacity);
        byte[] bytes = Bytes.noise(capacity, capacity);
        pipe.sink().write(ByteBuffer.wrap(bytes));
        for (ByteBuffer buffer :
                new ByteBuffer[] {ByteBuffer.allocate(capacity + 9), ByteBuffer.allocateDirect(capacity + 9)}) {
            buffer.position(9);
            assertThat(pipe.source().peek(buffer, capacity - 1)).isEqualTo(capacity);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(buffer.position(9)).isEqualTo(ByteBuffer.wrap(bytes));
        }
        pipe.sink().close();
        assertThat(Bytes.readAll(pipe.source())).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void aFullPipeIsNotWaitedFor(OnThread thread) throws Exception {
        int capacity = pipe.source().pipeCapacity();
        Running<String> waiting = thread.call(() -> peek(2 * capacity, capacity));
        Bytes.write(pipe.sink(), "begun");
        assertThat(Running.staysWaiting(waiting)).isTrue();
        Bytes.fill(pipe.sink());
        assertThat(waiting.failure())
                .isInstanceOf(PipeFullException.class)
                .hasMessage("peek pipe (read end): the pipe is full, and has too little");
        assertThat(Libc.available(pipe.source())).as("nothing taken").isGreaterThan(capacity - PAGE);

        int held = Libc.available(pipe.source());
        pipe.source().setPipeCapacity(2 * capacity);
        Running<String> again = thread.call(() -> peek(2 * capacity, held));
        assertThat(Running.staysWaiting(again)).isTrue();
        Bytes.write(pipe.sink(), "x");
        assertThat(again.get()).isEqualTo(held + 1 + " bytes");
    }

    @ParameterizedTest
    @EnumSource
    void aPipeIsFullWhenItsSlotsAre(OnThread thread) throws Exception {
        spliceOneByOne(SLOTS - 1);
        Running<String> waiting = thread.call(() -> peek(100, SLOTS));
        assertThat(Running.staysWaiting(waiting)).as("a slot is free").isTrue();
        spliceOneByOne(1);
        assertThat(waiting.failure()).isInstanceOf(PipeFullException.class);
        assertThat(thread.call(() -> peek(100, SLOTS - 1)).get()).isEqualTo("16 bytes");
        pipe.sink().close();
        assertThat(thread.call(() -> peek(100, SLOTS)).get()).as("at the end").isEqualTo("16 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {128 * 1024, LARGE})
    void manySlotsOfOneByteAreSeen(int capacity) throws Exception {
        pipe.source().setPipeCapacity(capacity);
        int slots = capacity / PAGE;
        spliceOneByOne(slots);
        assertThat(peek(1000, slots - 1)).isEqualTo(slots + " bytes");
        assertThatThrownBy(() -> peek(1000, slots)).isInstanceOf(PipeFullException.class);
    }

    /** The kernel tells nobody of a write that waits for room, if the pipe was not empty before it. */
    @ParameterizedTest
    @EnumSource
    void aBlockingWriterThatWaitsForRoomIsNoticed(OnThread thread) throws Exception {
        String script = "printf rest; read word; head -c 200000 /dev/zero | dd bs=200000 iflag=fullblock 2>&-";
        try (Child child = Child.start(new ProcessBuilder("sh", "-c", script))) {
            assertThat(child.stdout().peek(ByteBuffer.allocate(10), 3)).isEqualTo(4);
            ByteBuffer buffer = ByteBuffer.allocate(1000);
            Running<Integer> waiting = thread.call(() -> child.stdout().peek(buffer, 4));
            assertThat(Running.staysWaiting(waiting)).isTrue();
            Bytes.write(child.stdin(), "go\n");
            assertThat(waiting.get()).isEqualTo(1000);
            assertThat(Bytes.readAll(child.stdout())).hasSize(200_004);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFifoThatNobodyWritesToIsWaitedFor(OnThread thread, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path)) {
            Running<Integer> waiting =
                    thread.call(() -> reader.peek(ByteBuffer.allocate(10), 5)).awaitWaiting();
            try (Fifo writer = Fifo.connect(path, WRITE)) {
                Bytes.write(writer, "rest");
                assertThat(Running.staysWaiting(waiting)).isTrue();
            }
            assertThat(waiting.get()).isEqualTo(4);
            try (Fifo next = Fifo.connect(path, WRITE)) {
                Running<Integer> more = thread.call(() -> reader.peek(ByteBuffer.allocate(10), 4));
                assertThat(Running.staysWaiting(more)).isTrue();
                Bytes.write(next, "more");
                assertThat(more.get()).isEqualTo(8);
            }
            assertThat(Bytes.read(reader)).isEqualTo("restmore");
            assertThat(reader.peek(ByteBuffer.allocate(10), 0)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGraceOfAChildsOutputEndsIt(OnThread thread) throws Exception {
        ProcessBuilder leavesOneBehind = new ProcessBuilder("sh", "-c", "sleep 20 & printf rest; echo $! >&2");
        try (Child child = Child.start(leavesOneBehind)) {
            child.outputGrace(Duration.ofMillis(50));
            assertThat(thread.call(() -> child.stdout().peek(ByteBuffer.allocate(10), 4)).get()).isEqualTo(4);
            assertThat(Bytes.read(child.stdout())).isEqualTo("rest");
            assertThat(thread.call(() -> child.stdout().peek(ByteBuffer.allocate(10), 0)).get()).isEqualTo(-1);
            long left = Long.parseLong(Bytes.read(child.stderr()).strip());
            ProcessHandle.of(left).orElseThrow().destroy();
        }
    }

    /** Records of any length, each taken only when it has been seen whole; in pieces as a writer may make them. */
    @ParameterizedTest
    @EnumSource
    void recordsAreSeenWholeAndInOrder(OnThread thread) throws Exception {
        byte[] bytes = Bytes.noise(2_000_000, 17);
        Random random = new Random(5);
        Running<Boolean> writing = thread.run(() -> {
            for (int done = 0, piece; done < bytes.length; done += piece) {
                piece = Math.min(bytes.length - done, 1 + random.nextInt(1 << random.nextInt(17)));
                pipe.sink().write(ByteBuffer.wrap(bytes, done, piece));
            }
            pipe.sink().close();
        });
        ByteBuffer got = ByteBuffer.allocate(bytes.length);
        Running<Boolean> reading = thread.run(() -> {
            Random records = new Random(6);
            ByteBuffer buffer = ByteBuffer.allocate(70_000);
            for (int length = 1; ; length = 1 + records.nextInt(30_000)) {
                int seen = pipe.source().peek(buffer.clear(), length - 1);
                if (seen < 0) {
                    return;
                }
                int record = Math.min(seen, length);
                got.put(buffer.flip().limit(record));
                assertThat(pipe.source().read(buffer.clear().limit(record))).isEqualTo(record);
            }
        });
        reading.get();
        writing.get();
        assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void whatIsNeitherPipeNorStreamIsRefused() throws Exception {
        try (Descriptor file = Descriptor.open(Path.of("/proc/self/status"));
                MessageSocket.Pair pair = MessageSocket.pair(MessageSocket.Type.SEQPACKET)) {
            for (Descriptor other : new Descriptor[] {file, pair.one()}) {
                assertThatThrownBy(() -> other.peek(ByteBuffer.allocate(10), 0))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage(other + " is neither a pipe nor a stream socket: what it has cannot be peeked at");
            }
        }
    }
}
