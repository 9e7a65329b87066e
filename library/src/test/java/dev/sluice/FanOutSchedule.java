// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One course of events, all of it drawn from a seed: what comes in which pieces, who joins when and with which policy,
 * who dawdles, who leaves, who is taken out, how often the run is interrupted.
 */
final class FanOutSchedule {
    private static final int MOST_DESTINATIONS = 5;
    private static final int LONGEST_STALL_NANOS = 300_000;
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final Random random;
    private final Source source;
    private final String text;
    private final long replay;
    private final boolean waits;
    private final int interrupts;
    private final int limit;
    private final List<FanOutReader> readers = new ArrayList<>();

    FanOutSchedule(long seed) {
        this.random = new Random(seed * SPREAD); // neighbouring seeds begin alike
        this.source = pick(
                random,
                Source.PIPE,
                Source.PIPE,
                Source.PIPE,
                Source.FIFO,
                Source.FILE,
                Source.SOCKET,
                Source.UNIX,
                Source.TCP,
                Source.TERMINAL);
        this.text = lines(random.nextBoolean() ? random.nextInt(5_000) : random.nextInt(400_000));
        this.replay = random.nextInt(3) == 0 ? 1 + random.nextInt(100_000) : 0;
        this.waits = random.nextInt(4) == 0;
        this.interrupts = random.nextInt(4) == 0 ? 1 + random.nextInt(10) : 0;
        this.limit = random.nextInt(5) == 0 ? 1_000 + random.nextInt(100_000) : 0;
        int count = 1 + random.nextInt(MOST_DESTINATIONS);
        for (int i = 0; i < count; i++) {
            boolean forEver = waits && i == 0;
            readers.add(new FanOutReader(random, text, replay, forEver));
        }
    }

    @SafeVarargs
    static <T> T pick(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** No two lines are alike, nor two pieces of a dozen bytes. The last line does not end. */
    private String lines(int length) {
        StringBuilder all = new StringBuilder(length + 300);
        for (int line = 0; all.length() < length; line++) {
            all.append(line).append(':');
            for (int left = random.nextInt(random.nextInt(20) == 0 ? 3_000 : 200); left > 0; left--) {
                all.append((char) ('a' + random.nextInt(26)));
            }
            all.append('\n');
        }
        all.setLength(length);
        return all.toString();
    }

    void run(Path folder) throws Exception {
        try (CopyEnd from = source.open(folder)) {
            if (source.isPipe() && random.nextBoolean()) {
                from.ours().setPipeCapacity(pick(random, 4_096, 8_192, 262_144));
            }
            for (FanOutReader reader : readers) {
                reader.open(folder);
            }
            play(from);
        } catch (Exception | AssertionError failure) {
            throw new AssertionError(
                    "%s, %d bytes, replay %d, limit %d, %d interrupts, waits %s, %s"
                            .formatted(source, text.length(), replay, limit, interrupts, waits, readers),
                    failure);
        } finally {
            for (FanOutReader reader : readers) {
                reader.close();
            }
        }
    }

    private void play(CopyEnd from) throws Exception {
        Running<Boolean> feeder = somewhere().run(feeder(from.peer(), random.nextLong()));
        if (!source.isLive()) {
            feeder.get();
        }
        FanOut fanOut = FanOut.from(from.ours(), replay);
        if (waits) {
            fanOut.waitForDestinations();
        }
        if (limit > 0) {
            fanOut.limit(limit);
        }
        switch (random.nextInt(3)) {
            case 0 -> fanOut.keepPipeCapacity();
            case 1 -> fanOut.pipeCapacity(pick(random, 4_096, 65_536, 262_144));
            default -> {}
        }
        for (FanOutReader reader : readers) {
            if (!reader.isLate()) {
                reader.join(fanOut);
            }
        }
        List<Running<byte[]>> reading =
                readers.stream().map(reader -> somewhere().call(reader::read)).toList();
        long[] taken = new long[1];
        Running<FanOutResult> running = somewhere().call(() -> runToTheEnd(fanOut, taken));
        for (FanOutReader reader : readers) {
            dawdle(random);
            if (reader.isLate()) {
                reader.join(fanOut);
            }
        }
        for (int i = 0; i < interrupts && !running.isDone(); i++) {
            running.interrupt();
            dawdle(random);
        }
        for (FanOutReader reader : readers) {
            dawdle(random);
            reader.perhapsRemove();
        }
        FanOutResult last = running.get();
        from.ours().close();
        for (FanOutReader reader : readers) {
            reader.closeOurs();
        }
        boolean atEnd = last.end() == FanOutResult.End.END_OF_SOURCE;
        assertThat(taken[0]).isLessThanOrEqualTo(text.length());
        assertThat(!atEnd || taken[0] == text.length()).as("%d taken", taken[0]).isTrue();
        for (int i = 0; i < readers.size(); i++) {
            byte[] got = reading.get(i).get();
            readers.get(i).check(new String(got, ISO_8859_1), taken[0], atEnd);
        }
        feeder.get();
    }

    private OnThread somewhere() {
        return pick(random, OnThread.values());
    }

    /** Runs it again whenever it ends for a reason that does not last. */
    private static FanOutResult runToTheEnd(FanOut fanOut, long[] taken) throws IOException {
        for (;;) {
            FanOutResult result = fanOut.run();
            taken[0] += result.bytes();
            switch (result.end()) {
                case INTERRUPTED -> assertThat(Thread.interrupted()).isTrue();
                case LIMIT -> {}
                case END_OF_SOURCE, DESTINATIONS_GONE -> {
                    return result;
                }
                default -> throw new AssertionError(result);
            }
        }
    }

    private OnThread.Action feeder(Descriptor to, long seed) {
        return () -> {
            Random mine = new Random(seed);
            int most = 100 + mine.nextInt(mine.nextBoolean() ? 5_000 : 200_000);
            ByteBuffer rest = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
            try {
                while (rest.hasRemaining()) {
                    int length = Math.min(rest.remaining(), 50 + mine.nextInt(most));
                    to.write(rest.slice(rest.position(), length));
                    rest.position(rest.position() + length);
                    dawdle(mine);
                }
                to.close();
            } catch (IOException gone) {
                assertThat(waits).as("all destinations had gone, and the source was closed: %s", gone).isFalse();
            }
        };
    }

    static void dawdle(Random random) {
        if (random.nextInt(4) == 0) {
            LockSupport.parkNanos(random.nextInt(LONGEST_STALL_NANOS));
        }
    }
}
