// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorsTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "0,5,0", "10,131072,10", "131072,1,131073", "200000,200000,3"})
    void whatIsGatheredIsScatteredAgain(int first, int second, int third) throws Exception {
        int[] sizes = {first, second, third};
        byte[] bytes = new byte[first + second + third];
        new Random(sizes.length).nextBytes(bytes);
        try (Pipe pipe = Pipe.open()) {
            Thread writer = Thread.ofVirtual().start(() -> {
                ByteBuffer[] parts = split(ByteBuffer.wrap(bytes), sizes);
                try {
                    assertThat(pipe.sink().write(parts)).isEqualTo(bytes.length);
                    assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
                    pipe.sink().close();
                } catch (java.io.IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            });
            ByteBuffer whole = ByteBuffer.allocateDirect(bytes.length);
            while (whole.hasRemaining()) {
                int left = whole.remaining();
                int some = Math.min(7, left);
                ByteBuffer[] parts = {ByteBuffer.allocate(some), ByteBuffer.allocate(left - some)};
                long count = pipe.source().read(parts);
                assertThat(count).isPositive();
                long positions = 0;
                for (ByteBuffer part : parts) {
                    positions += part.position();
                    whole.put(part.flip());
                }
                assertThat(positions).isEqualTo(count);
            }
            assertThat(whole.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(pipe.source().read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isEqualTo(-1);
            writer.join();
        }
    }

    private static ByteBuffer[] split(ByteBuffer bytes, int[] sizes) {
        ByteBuffer[] parts = new ByteBuffer[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            parts[i] = bytes.slice(bytes.position(), sizes[i]);
            bytes.position(bytes.position() + sizes[i]);
        }
        return parts;
    }

    @Test
    void positionsTellHowFarAGatheringWriteThatWasCutShortHasCome() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            int capacity = pipe.sink().pipeCapacity();
            ByteBuffer[] parts = {ByteBuffer.allocate(100), ByteBuffer.allocate(capacity), ByteBuffer.allocate(100)};
            pipe.sink().setWriteDeadline(Duration.ofMillis(50));
            SocketTimeoutException cut =
                    catchThrowableOfType(SocketTimeoutException.class, () -> pipe.sink().write(parts));
            assertThat(cut.bytesTransferred).isEqualTo(capacity);
            assertThat(parts[0].remaining()).isZero();
            assertThat(parts[1].remaining()).isEqualTo(100);
            assertThat(parts[2].remaining()).isEqualTo(100);
        }
    }

    @Test
    void noOtherWriteComesBetweenTheBuffersOfOne() throws Exception {
        int size = 200_000; // more than goes by way of one buffer of ours
        try (Pipe pipe = Pipe.open()) {
            List<Running<Boolean>> writers = IntStream.of('a', 'b')
                    .mapToObj(letter -> OnThread.VIRTUAL.run(() -> {
                        byte[] part = new byte[size];
                        Arrays.fill(part, (byte) letter);
                        pipe.sink().write(new ByteBuffer[] {ByteBuffer.wrap(part), ByteBuffer.wrap(part)});
                    }))
                    .toList();
            ByteBuffer got = ByteBuffer.allocate(4 * size);
            while (got.hasRemaining()) {
                pipe.source().read(got);
            }
            for (Running<Boolean> writer : writers) {
                writer.get();
            }
            int changes = 0;
            for (int i = 1; i < got.capacity(); i++) {
                changes += got.get(i) != got.get(i - 1) ? 1 : 0;
            }
            assertThat(changes).isEqualTo(1);
        }
    }
}
