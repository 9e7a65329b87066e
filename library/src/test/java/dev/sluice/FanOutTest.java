// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One source, many destinations: each gets what its policy allows, and none harms another. */
@ExtendWith(NothingLeft.class)
class FanOutTest {
    @ParameterizedTest
    @EnumSource
    void eachDestinationGetsAllOfItInOrder(OnThread kind) throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(1).nextBytes(data);
        for (int count : new int[] {1, 2, 4, 16}) {
            try (Pipe source = Pipe.open();
                    Pipes sinks = new Pipes(count)) {
                FanOut fanOut = FanOut.from(source.source());
                List<FanOut.Destination> joined = new ArrayList<>();
                for (Pipe sink : sinks.pipes) {
                    joined.add(fanOut.add(sink.sink(), SlowPolicy.block()));
                }
                List<Running<byte[]>> readers = sinks.readers();
                Running<FanOutResult> run = kind.call(fanOut::run);
                source.sink().write(ByteBuffer.wrap(data));
                source.sink().close();

                FanOutResult result = run.get();
                sinks.closeSinks();
                for (Running<byte[]> reader : readers) {
                    assertThat(reader.get()).isEqualTo(data);
                }
                assertThat(result.end()).isEqualTo(FanOutResult.End.END_OF_SOURCE);
                assertThat(result.bytes()).isEqualTo(data.length);
                assertThat(result.spliced()).as("spliced, of %s", result).isGreaterThan(data.length / 2);
                assertThat(joined).allSatisfy(one -> {
                    assertThat(one.bytes()).isEqualTo(data.length);
                    assertThat(one.skipped()).isZero();
                    assertThat(one.end()).isEqualTo(DestinationEnd.END_OF_SOURCE);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatStallsIsLeftOutAndTheOthersAreNot(OnThread kind) throws Exception {
        byte[] line = "0123456789 and so on to the end of a line\n".getBytes(StandardCharsets.US_ASCII);
        try (Pipe source = Pipe.open();
                Pipes sinks = new Pipes(3)) {
            FanOut fanOut = FanOut.from(source.source());
            FanOut.Destination good = fanOut.add(sinks.pipes.get(0).sink(), SlowPolicy.block());
            FanOut.Destination lines = fanOut.add(sinks.pipes.get(1).sink(), SlowPolicy.skipLines(100_000));
            FanOut.Destination dropped = fanOut.add(sinks.pipes.get(2).sink(), SlowPolicy.drop(100_000));
            Running<byte[]> reader = OnThread.PLATFORM.call(() -> Pipes.readAll(sinks.pipes.get(0).source()));
            Running<FanOutResult> run = kind.call(fanOut::run);
            long total = 0;
            for (int i = 0; i < 20_000; i++) {
                source.sink().write(ByteBuffer.wrap(line));
                total += line.length;
            }
            Awaitility.await().until(() -> dropped.end() == DestinationEnd.DROPPED && lines.skipped() > 0);
            Running<byte[]> late = OnThread.PLATFORM.call(() -> Pipes.readAll(sinks.pipes.get(1).source()));
            source.sink().close();
            run.get();
            sinks.closeSinks();

            assertThat(reader.get()).hasSize((int) total);
            assertThat(good.bytes()).isEqualTo(total);
            byte[] seen = late.get();
            assertThat(seen.length).isEqualTo((int) lines.bytes());
            assertThat(lines.bytes() + lines.skipped()).isEqualTo(total);
            assertThat(seen.length % line.length).isZero();
            for (int i = 0; i < seen.length; i += line.length) {
                assertThat(Arrays.copyOfRange(seen, i, i + line.length)).isEqualTo(line);
            }
        }
    }

    /** Pipes that are read by others. */
    private static final class Pipes implements AutoCloseable {
        final List<Pipe> pipes = new ArrayList<>();

        Pipes(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                pipes.add(Pipe.open());
            }
        }

        List<Running<byte[]>> readers() {
            return pipes.stream()
                    .map(pipe -> OnThread.PLATFORM.call(() -> readAll(pipe.source())))
                    .toList();
        }

        static byte[] readAll(Descriptor source) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            source.inputStream().transferTo(all);
            return all.toByteArray();
        }

        void closeSinks() throws IOException {
            for (Pipe pipe : pipes) {
                pipe.sink().close();
            }
        }

        @Override
        public void close() throws IOException {
            for (Pipe pipe : pipes) {
                pipe.close();
            }
        }
    }
}
