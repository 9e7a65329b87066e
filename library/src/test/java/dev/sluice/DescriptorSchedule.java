// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One stream through a descriptor of some kind, while others interrupt its reader and writer, set deadlines for them,
 * watch it, ask it for its number, and in some schedules close an end in the middle. What happens is drawn from a seed;
 * which of several threads comes first is not.
 */
final class DescriptorSchedule {
    private final SplittableRandom random;
    private final byte[] stream;
    private final boolean closes;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Descriptor source;
    private final Descriptor sink;

    /** @param folder where a FIFO may be made for a moment */
    DescriptorSchedule(long seed, Path folder) throws IOException {
        this.random = new SplittableRandom(seed);
        this.stream = Bytes.noise(1 + random.nextInt(600_000), seed);
        this.closes = random.nextInt(3) == 0;
        Descriptor[] ends = open(folder);
        this.source = ends[0];
        this.sink = ends[1];
    }

    private OnThread kind() {
        return random.nextBoolean() ? OnThread.VIRTUAL : OnThread.PLATFORM;
    }

    void run() throws Exception {
        SplittableRandom writers = random.split();
        SplittableRandom readers = random.split();
        Running<Boolean> writing = kind().run(() -> write(writers));
        Running<ByteBuffer> reading = kind().call(() -> read(readers));
        List<Running<Boolean>> disturbing = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            SplittableRandom own = random.split();
            disturbing.add(kind().run(() -> disturb(own, reading.thread(), writing.thread())));
        }
        ByteBuffer got;
        try {
            got = reading.get();
            writing.get();
        } finally {
            over.set(true);
        }
        for (Running<Boolean> one : disturbing) {
            one.get();
        }
        source.close();
        sink.close();
        byte[] expected = closes ? Arrays.copyOf(stream, got.remaining()) : stream;
        assertThat(got.remaining()).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(Arrays.copyOf(got.array(), got.remaining()), expected))
                .as("first byte that differs")
                .isEqualTo(-1);
    }

    private Descriptor[] open(Path folder) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                Pipe pipe = Pipe.open();
                return new Descriptor[] {pipe.source(), pipe.sink()};
            }
            case 1 -> {
                Path path = folder.resolve("fifo");
                Fifo.create(path);
                // A reader whose only writer is closed before it is open never has had one, and rightly waits.
                boolean opensEarly = !closes && random.nextBoolean();
                @Nullable Fifo early = opensEarly ? Fifo.open(path, StandardOpenOption.WRITE) : null;
                Fifo reader = Fifo.open(path);
                Fifo writer = early != null ? early : Fifo.open(path, StandardOpenOption.WRITE);
                Files.delete(path);
                return new Descriptor[] {reader, writer};
            }
            case 2 -> {
                return Libc.socketPair();
            }
            default -> {
                Pty pty = Pty.raw();
                return new Descriptor[] {pty.master(), pty.slave()};
            }
        }
    }

    private void write(SplittableRandom own) throws IOException {
        int at = 0;
        try {
            while (at < stream.length) {
                int length = Math.min(stream.length - at, 1 + own.nextInt(own.nextBoolean() ? 100 : 150_000));
                ByteBuffer chunk = ByteBuffer.wrap(stream, at, length);
                if (own.nextBoolean()) {
                    chunk = ByteBuffer.allocateDirect(length).put(chunk).flip();
                }
                try {
                    at += sink.write(chunk);
                } catch (InterruptedIOException cut) {
                    Thread.interrupted();
                    LockSupport.parkNanos(20_000); // a deadline that has passed stays until somebody clears it
                    assertThat(chunk.position()).isIn(cut.bytesTransferred, at + cut.bytesTransferred);
                    at += cut.bytesTransferred;
                }
            }
            sink.close();
        } catch (ClosedChannelException | FileSystemException closed) {
            assertThat(closes).as(closed.toString()).isTrue();
        }
    }

    private ByteBuffer read(SplittableRandom own) throws IOException {
        ByteBuffer got = ByteBuffer.allocate(stream.length + 1);
        try {
            for (;;) {
                int room = Math.min(got.remaining(), own.nextInt(own.nextBoolean() ? 100 : 150_000));
                try {
                    int count = source.read(got.slice(got.position(), room));
                    if (count < 0) {
                        return got.flip();
                    }
                    got.position(got.position() + count);
                } catch (InterruptedIOException cut) {
                    Thread.interrupted();
                    LockSupport.parkNanos(20_000); // a deadline that has passed stays until somebody clears it
                    assertThat(cut.bytesTransferred).isZero();
                }
            }
        } catch (ClosedChannelException closed) {
            assertThat(closes).as(closed.toString()).isTrue();
            return got.flip();
        }
    }

    private void disturb(SplittableRandom own, Thread reader, Thread writer) throws IOException {
        try {
            while (!over.get()) {
                switch (own.nextInt(closes ? 9 : 8)) {
                    case 0 -> reader.interrupt();
                    case 1 -> writer.interrupt();
                    case 2 -> source.setReadDeadline(Duration.ofNanos(own.nextLong(2_000_000)));
                    case 3 -> source.clearReadDeadline();
                    case 4 -> sink.setWriteDeadline(Duration.ofNanos(own.nextLong(2_000_000)));
                    case 5 -> sink.clearWriteDeadline();
                    case 6 -> source.onHangup(hangup -> {}).close();
                    case 7 -> neighbour();
                    default -> (own.nextBoolean() ? source : sink).close();
                }
                LockSupport.parkNanos(own.nextLong(300_000));
            }
        } catch (ClosedChannelException closed) {
            return; // the stream is over, or an end was closed
        } finally {
            // A deadline that is left over would end every try of a writer that goes on.
            clearDeadlines();
        }
    }

    /** Takes and gives back numbers, slots and waits, as others in the same process would. */
    private static void neighbour() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            pipe.source().setReadDeadline(Duration.ofNanos(100_000));
            try {
                pipe.source().read(ByteBuffer.allocate(1));
                throw new AssertionError("an event of somebody else's");
            } catch (InterruptedIOException over) {
                Thread.interrupted();
            }
        }
    }

    private void clearDeadlines() {
        try {
            sink.clearWriteDeadline();
        } catch (IOException closed) {
            // The writer sees it too.
        }
        try {
            source.clearReadDeadline();
        } catch (IOException closed) {
            // The reader sees it too.
        }
    }
}
