// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CopyEnd.Destination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One destination of a {@link FanOutSchedule}: how it behaves, and what it must have got in the end. */
final class FanOutReader {
    private static final int CHUNK = 1 << 20;

    /** What a line that is not cut may add. */
    private static final int LINE = 1 << 16;

    private enum Policy {
        BLOCK,
        SKIP,
        LINES,
        DROP
    }

    private final Random random;
    private final String text;
    private final Destination kind;
    private final Policy policy;
    private final int bound;
    private final boolean late;
    private final int replay;
    private final boolean removed;

    /** After how many bytes the reader leaves. */
    private final int leavesAfter;

    private final int slowness;
    private @Nullable CopyEnd end;
    private FanOut.@Nullable Destination joined;

    /** @param forEver whether it stays to the end */
    FanOutReader(Random course, String text, long replayed, boolean forEver) {
        this.random = new Random(course.nextLong());
        this.text = text;
        this.kind = FanOutSchedule.pick(
                random,
                Destination.PIPE,
                Destination.PIPE,
                Destination.PIPE,
                Destination.FIFO,
                Destination.SOCKET,
                Destination.UNIX,
                Destination.TCP,
                Destination.TERMINAL,
                Destination.FILE,
                Destination.APPENDED_FILE);
        this.policy = FanOutSchedule.pick(random, forEver ? new Policy[] {Policy.BLOCK} : Policy.values());
        this.bound = random.nextInt(random.nextBoolean() ? 10_000 : 200_000);
        this.late = random.nextInt(3) == 0;
        this.replay = replayed > 0 && random.nextBoolean() ? random.nextInt(100_000) : 0;
        this.removed = !forEver && random.nextInt(6) == 0;
        boolean leaves = !forEver && kind.isLive() && random.nextInt(4) == 0;
        this.leavesAfter = leaves ? random.nextInt(text.length() + 1) : Integer.MAX_VALUE;
        this.slowness = random.nextInt(3) == 0 ? 3_000_000 : 0;
    }

    void open(Path folder) throws IOException {
        CopyEnd opened = kind.open(folder);
        end = opened;
        if (kind.isPipe() && random.nextBoolean()) {
            opened.ours().setPipeCapacity(FanOutSchedule.pick(random, 4_096, 8_192, 262_144));
        }
    }

    boolean isLate() {
        return late;
    }

    void join(FanOut fanOut) {
        SlowPolicy slow =
                switch (policy) {
                    case BLOCK -> SlowPolicy.block();
                    case SKIP -> SlowPolicy.skip(bound);
                    case LINES -> SlowPolicy.skipLines(bound);
                    case DROP -> SlowPolicy.drop(bound);
                };
        joined = fanOut.add(Objects.requireNonNull(end).ours(), slow, replay);
    }

    void perhapsRemove() {
        FanOut.Destination destination = Objects.requireNonNull(joined);
        long most = (policy == Policy.BLOCK ? 0L : bound) + CHUNK + replay + LINE;
        assertThat(destination.waiting()).isBetween(0L, most);
        if (removed) {
            destination.remove();
        }
    }

    byte[] read() throws IOException {
        Random mine = new Random(random.nextLong());
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        if (!kind.isLive()) {
            return got.toByteArray(); // read at the end
        }
        Descriptor from = Objects.requireNonNull(end).peer();
        ByteBuffer buffer = ByteBuffer.allocate(1 + mine.nextInt(100_000));
        while (got.size() < leavesAfter) {
            buffer.clear().limit(Math.min(buffer.capacity(), leavesAfter - got.size()));
            if (from.read(buffer) < 0) {
                return got.toByteArray();
            }
            got.write(buffer.array(), 0, buffer.position());
            FanOutSchedule.dawdle(mine);
            if (slowness > 0 && mine.nextInt(8) == 0) {
                LockSupport.parkNanos(mine.nextInt(slowness));
            }
        }
        from.close();
        return got.toByteArray();
    }

    void closeOurs() throws IOException {
        Objects.requireNonNull(end).ours().close();
    }

    void close() throws IOException {
        if (end != null) {
            end.close();
        }
    }

    private boolean leaves() {
        return leavesAfter < Integer.MAX_VALUE;
    }

    /** @param taken how many bytes were taken from the source, all of it if {@code atEnd} */
    void check(String read, long taken, boolean atEnd) throws IOException {
        FanOut.Destination fared = Objects.requireNonNull(joined);
        String got = kind.isLive()
                ? read
                : new String(Bytes.readAll(Objects.requireNonNull(end).peer()), ISO_8859_1);
        checkEnd(fared, atEnd);
        boolean whole = fared.end() == DestinationEnd.END_OF_SOURCE;
        assertThat(fared.waiting()).isZero();
        assertThat(fared.failure()).isNull();
        assertThat((long) got.length()).as("read of %d", fared.bytes()).isLessThanOrEqualTo(fared.bytes());
        if (!leaves()) {
            assertThat((long) got.length()).isEqualTo(fared.bytes());
        }
        long offered = fared.bytes() + fared.skipped();
        assertThat(offered).isLessThanOrEqualTo(late ? taken : text.length());
        if (whole && !late) {
            assertThat(offered).isEqualTo(taken);
        }
        if (policy == Policy.LINES) {
            FanOutPieces.requireLines(text, got, !late && fared.bytes() > 0, whole && !leaves());
        } else {
            int pieces = FanOutPieces.count(text, got, late);
            assertThat(pieces).as("pieces").isLessThanOrEqualTo(1 + fared.gaps());
        }
        if (policy == Policy.BLOCK || policy == Policy.DROP) {
            assertThat(fared.gaps()).isZero();
            assertThat(!whole || fared.skipped() == 0).as("%d skipped", fared.skipped()).isTrue();
            assertThat(!whole || leaves() || text.endsWith(got)).as("gets the rest").isTrue();
        }
    }

    private void checkEnd(FanOut.Destination fared, boolean atEnd) {
        @Nullable DestinationEnd why = fared.end();
        if (why == null) {
            assertThat(late || removed).as("it came or went after the end").isTrue();
            return;
        }
        switch (why) {
            case END_OF_SOURCE -> assertThat(atEnd).isTrue();
            case GONE -> assertThat(leaves()).isTrue();
            case REMOVED -> assertThat(removed).isTrue();
            case DROPPED -> assertThat(policy).isEqualTo(Policy.DROP);
            default -> throw new AssertionError(why.toString(), fared.failure());
        }
    }

    @Override
    public String toString() {
        return "%s %s(%d)%s%s%s%s"
                .formatted(
                        kind,
                        policy,
                        bound,
                        late ? " late" : "",
                        replay > 0 ? " replay " + replay : "",
                        removed ? " removed" : "",
                        leaves() ? " leaves after " + leavesAfter : "");
    }
}
