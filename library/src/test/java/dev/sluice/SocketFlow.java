// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.PipePool;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;

/** A long flow from one connection to another, which goes through a pipe: whoever reads it is the test. */
final class SocketFlow implements AutoCloseable {
    /** The two kinds of connections. */
    enum Family {
        TCP,
        UNIX;

        Connection[] open() throws IOException {
            return this == TCP ? SocketPairs.tcp(BUFFER) : SocketPairs.unix();
        }
    }

    static final int SIZE = 8 << 20;
    private static final int BUFFER = 200_000;
    private static final int STEADY_LOOKS = 10;

    final byte[] bytes;
    final Connection feedingEnd;
    final Connection source;
    final Connection destination;
    final Connection readingEnd;
    final Copy copy;
    final Running<Boolean> feeder;
    private final byte[] got = new byte[SIZE];
    private int read;

    /** All is written that anybody can hold, and nothing is copied yet. */
    SocketFlow(Family from, Family to, OnThread kind) throws IOException {
        this.bytes = Bytes.noise(SIZE, 17);
        Connection[] one = from.open();
        Connection[] other = to.open();
        this.feedingEnd = one[0];
        this.source = one[1];
        this.destination = other[0];
        this.readingEnd = other[1];
        this.copy = Copy.from(source).to(destination);
        this.feeder = kind.run(() -> {
            feedingEnd.write(ByteBuffer.wrap(bytes));
            feedingEnd.shutdownWrite();
        });
        feeder.awaitWaiting();
    }

    /** Reads so many more bytes, and compares them; the end of the flow is a failure. */
    void read(int count) throws IOException {
        readTo(read + count);
    }

    /** The same, until so many have been read. */
    void readTo(int until) throws IOException {
        while (read < until) {
            int now = readingEnd.read(ByteBuffer.wrap(got, read, until - read));
            if (now < 0) {
                throw new IOException("ended after " + read);
            }
            read += now;
        }
        int wrong = Arrays.mismatch(got, 0, read, bytes, 0, read);
        if (wrong >= 0) {
            throw new IOException("wrong at " + wrong);
        }
    }

    /**
     * Reads until bytes go through a pipe, and then no more until that copy stands still, with bytes in the pipe. Where
     * the feeder was slow the last round may have been a small one, by the buffer: then it is tried again.
     */
    void stallInPipe(Running<?> running) throws IOException {
        while (copy.spliced() == 0) {
            read(10_000);
        }
        awaitStandstill(running);
        while (PipePool.usedNow() == 0) {
            read(100_000);
            awaitStandstill(running);
        }
        if (PipePool.usedNow() != 1) {
            throw new AssertionError(PipePool.usedNow() + " pipes are held");
        }
    }

    private void awaitStandstill(Running<?> running) {
        Awaitility.await("the destination is full")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(new Standstill(running)::look);
    }

    private final class Standstill {
        private final Running<?> running;
        private long last;
        private int steady;

        Standstill(Running<?> running) {
            this.running = running;
        }

        boolean look() {
            boolean still = copy.transferred() == last && feeder.isWaiting() && running.isWaiting();
            steady = still ? steady + 1 : 0;
            last = copy.transferred();
            return steady >= STEADY_LOOKS;
        }
    }

    /** How many were read. */
    int read() {
        return read;
    }

    @Override
    public void close() throws IOException {
        feedingEnd.close();
        source.close();
        destination.close();
        readingEnd.close();
    }
}
