// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One course of events, all of it drawn from a seed: what is written in which pieces, what is read, who dawdles, who is
 * interrupted how often, who leaves.
 */
final class CopySchedule {
    private static final int[] CAPACITIES = {4_096, 8_192, 65_536, 262_144};
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final int LONGEST_STALL_NANOS = 300_000;

    private final Random random;
    private final Source source;
    private final Destination destination;
    private final byte[] bytes;
    private final boolean readerLeaves;
    private final int readerTakes;
    private final int interrupts;
    private final String course;

    CopySchedule(long seed) {
        this.random = new Random(seed * SPREAD); // neighbouring seeds begin alike
        this.source = pick(
                Source.PIPE,
                Source.PIPE,
                Source.FIFO,
                Source.FILE,
                Source.SOCKET,
                Source.UNIX,
                Source.UNIX,
                Source.TCP,
                Source.TCP,
                Source.TERMINAL);
        this.destination = pick(
                Destination.PIPE,
                Destination.PIPE,
                Destination.FIFO,
                Destination.SOCKET,
                Destination.UNIX,
                Destination.UNIX,
                Destination.TCP,
                Destination.TCP,
                Destination.TERMINAL,
                Destination.FILE,
                Destination.APPENDED_FILE);
        this.bytes = Bytes.noise(size(), seed);
        this.readerLeaves = destination.isLive() && random.nextInt(4) == 0;
        this.readerTakes = readerLeaves ? random.nextInt(bytes.length + 1) : bytes.length;
        this.interrupts = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 0;
        this.course = "%s to %s, %d bytes, %d interrupts%s"
                .formatted(
                        source,
                        destination,
                        bytes.length,
                        interrupts,
                        readerLeaves ? ", reader leaves after " + readerTakes : "");
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int size() {
        if (random.nextBoolean()) {
            return random.nextInt(5_000);
        }
        boolean throughPipe = source.isSocket() && destination.isSocket(); // after more than a bufferful
        return random.nextInt(throughPipe ? 2_000_000 : 300_000);
    }

    void run(Path folder) throws Exception {
        try (CopyEnd from = source.open(folder);
                CopyEnd to = destination.open(folder)) {
            if (source.isPipe() && random.nextBoolean()) {
                from.ours().setPipeCapacity(pick(4_096, 8_192, 262_144));
            }
            if (destination.isPipe() && random.nextBoolean()) {
                to.ours().setPipeCapacity(pick(4_096, 8_192, 262_144));
            }
            play(from, to);
        } catch (Exception | AssertionError failure) {
            throw new AssertionError(course, failure);
        }
    }

    private void play(CopyEnd from, CopyEnd to) throws Exception {
        Copy copy = settings(Copy.from(from.ours()).to(to.ours()));
        Running<Boolean> feeder = somewhere().run(feeder(from.peer(), random.nextLong()));
        if (!source.isLive()) {
            feeder.get();
        }
        long[] delivered = new long[1];
        OnThread copier = somewhere();
        Running<CopyResult> copying = copier.call(() -> copyToTheEnd(copy, to, delivered));
        long readerSeed = random.nextLong();
        Running<byte[]> reader =
                somewhere().call(() -> destination.isLive() ? read(to.peer(), readerSeed) : new byte[0]);
        for (int i = 0; i < interrupts && !copying.isDone(); i++) {
            copying.interrupt();
            dawdle(random);
        }
        CopyResult last = copying.get();
        byte[] got = reader.get();
        check(from, to, last, delivered[0], got);
        feeder.get();
    }

    private Copy settings(Copy copy) {
        return switch (random.nextInt(4)) {
            case 0 -> copy.keepPipeCapacity();
            case 1 -> copy.pipeCapacity(CAPACITIES[random.nextInt(CAPACITIES.length)]);
            case 2 -> copy.limit(1 + random.nextInt(50_000)).zeroCopyFromFile();
            default -> copy;
        };
    }

    private OnThread somewhere() {
        return pick(OnThread.values());
    }

    /** Runs the copy again whenever it ends for a reason that does not last. */
    private static CopyResult copyToTheEnd(Copy copy, CopyEnd to, long[] delivered) throws IOException {
        for (;;) {
            CopyResult result = copy.run();
            delivered[0] += result.bytes();
            boolean lasts = switch (result.end()) {
                case INTERRUPTED -> !Thread.interrupted();
                case LIMIT -> false;
                default -> true;
            };
            if (lasts) {
                to.ours().close();
                return result;
            }
        }
    }

    private OnThread.Action feeder(Descriptor to, long seed) {
        return () -> {
            Random mine = new Random(seed);
            int most = 1 + mine.nextInt(mine.nextBoolean() ? 20_000 : 200_000);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            int smallWrites = 0;
            while (rest.hasRemaining()) {
                int length = Math.min(rest.remaining(), 1 + mine.nextInt(smallWrites++ < 100 ? most : 200_000));
                to.write(rest.slice(rest.position(), length));
                rest.position(rest.position() + length);
                dawdle(mine);
            }
            to.close();
        };
    }

    private byte[] read(Descriptor from, long seed) throws IOException {
        Random mine = new Random(seed);
        byte[] got = new byte[bytes.length + 1];
        int count = 0;
        while (!readerLeaves || count < readerTakes) {
            int most = Math.min((readerLeaves ? readerTakes : got.length) - count, 1 + mine.nextInt(100_000));
            int now = from.read(ByteBuffer.wrap(got, count, most));
            if (now < 0) {
                break;
            }
            count += now;
            dawdle(mine);
        }
        if (readerLeaves) {
            from.close();
        }
        return Arrays.copyOf(got, count);
    }

    private static void dawdle(Random random) {
        if (random.nextInt(4) == 0) {
            LockSupport.parkNanos(random.nextInt(LONGEST_STALL_NANOS));
        }
    }

    private void check(CopyEnd from, CopyEnd to, CopyResult last, long delivered, byte[] got) throws Exception {
        if (!destination.isLive()) {
            assertThat(Arrays.mismatch(Bytes.readAll(to.peer()), bytes)).as("first wrong byte").isEqualTo(-1);
        } else {
            assertThat(Arrays.mismatch(got, Arrays.copyOf(bytes, got.length)))
                    .as("first wrong byte of %d", got.length)
                    .isEqualTo(-1);
        }
        if (last.end() == CopyResult.End.DESTINATION_GONE) {
            assertThat(readerLeaves).as("the reader had left").isTrue();
            int taken = Math.toIntExact(delivered + last.inTransit());
            assertThat(got.length).isLessThanOrEqualTo(taken);
            byte[] rest = Bytes.readAll(from.ours());
            assertThat(Arrays.mismatch(rest, Arrays.copyOfRange(bytes, taken, bytes.length)))
                    .as("first wrong byte of what is left in the source")
                    .isEqualTo(-1);
        } else {
            assertThat(last.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(delivered).isEqualTo(bytes.length);
            assertThat(last.inTransit()).isZero();
            assertThat(readerLeaves || !destination.isLive() || got.length == bytes.length).isTrue();
        }
    }
}
