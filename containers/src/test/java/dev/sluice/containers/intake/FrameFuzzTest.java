// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.containers.log.Entry;
import dev.sluice.testing.DockerFrames;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever comes, a decoder answers entries that lie in what it was fed, or refuses; and what it allocates is bounded. */
class FrameFuzzTest {
    private static final int ROUNDS = 60_000;

    /** For a decoder's stream, an entry each, and an exception with its trace. */
    private static final long ALLOCATED_FOR_A_FEED = 16 * 1024;

    private static final long ALLOCATED_FOR_AN_ENTRY = 256;

    private final FrameDecoder decoder = new FrameDecoder();
    private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int refused;
    private int decoded;

    /** Classes are loaded, and strings' joints spun, at their first use: that is not to count. */
    @BeforeEach
    void warmUp() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            decode(DockerFrames.framed(bytes), "");
            decode(bytes, "");
        }
        refused = 0;
    }

    @Test
    void mutatedFrames() {
        Random random = new Random(20_240_611);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] frames = frames(random);
            mutate(frames, random);
            feed(frames, "round " + i);
        }
        assertThat(refused).isGreaterThan(ROUNDS / 100);
        assertThat(decoded).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void mutatedRecording() {
        Random random = new Random(13);
        byte[] recorded = DockerFrames.recorded();
        for (int i = 0; i < ROUNDS / 20; i++) {
            byte[] frames = recorded.clone();
            for (int times = 1 + random.nextInt(20); times > 0; times--) {
                frames[random.nextInt(frames.length)] = (byte) random.nextInt();
            }
            feed(frames, "round " + i);
        }
        assertThat(decoded).isGreaterThan(ROUNDS / 20);
    }

    @Test
    void noiseInAFrame() {
        Random random = new Random(7);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] noise = new byte[1 + random.nextInt(60)];
            random.nextBytes(noise);
            feed(DockerFrames.framed(noise), "round " + i);
        }
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void lengthsThatLie() {
        Random random = new Random(11);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] frame = DockerFrames.frame("stdout", random.nextLong(), new byte[random.nextInt(100)]);
            frame[random.nextInt(4)] = (byte) random.nextInt();
            feed(frame, "round " + i);
        }
        assertThat(refused).isGreaterThan(ROUNDS / 4);
    }

    private void feed(byte[] bytes, String what) {
        long before = memory.getCurrentThreadAllocatedBytes();
        int entries = decode(bytes, what);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        decoded += entries;
        if (allocated > ALLOCATED_FOR_A_FEED + entries * ALLOCATED_FOR_AN_ENTRY) {
            throw new AssertionError(what + ": " + allocated + " bytes for " + bytes.length);
        }
        if (decoder.position() > bytes.length || decoder.needed() > FrameFields.HEADER + FrameDecoder.LONGEST) {
            throw new AssertionError(what + ": at " + decoder.position() + ", needs " + decoder.needed());
        }
    }

    private int decode(byte[] bytes, String what) {
        int entries = 0;
        try {
            decoder.feed(bytes, 0, bytes.length);
            for (Entry entry = decoder.next(); entry != null; entry = decoder.next()) {
                entries++;
                if (entry.offset() < 0 || entry.length() < 0 || entry.offset() + entry.length() > decoder.position()) {
                    throw new AssertionError(what + ": " + entry);
                }
            }
        } catch (MalformedFrameException expected) {
            refused++;
        }
        return entries;
    }

    private static byte[] frames(Random random) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            byte[] line = new byte[random.nextInt(40)];
            random.nextBytes(line);
            frames.writeBytes(
                    random.nextBoolean()
                            ? DockerFrames.frame("stderr", random.nextLong(), line)
                            : DockerFrames.piece("stdout", random.nextLong(), line, random.nextBoolean(), 3));
        }
        return frames.toByteArray();
    }

    private static void mutate(byte[] bytes, Random random) {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> System.arraycopy(bytes, at, bytes, 0, bytes.length - at);
            }
        }
    }
}
