// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import dev.sluice.Copy;
import dev.sluice.Descriptor;
import dev.sluice.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From which size on does a Copy between two pipes pay, beside a read and a write through a buffer?
 *
 * <p>Each operation fills a pipe, moves what is in it to another, and drains that. {@link #fillAndDrain} does without
 * the move: what the others take beyond it is the move's own cost.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class CopyOfSize {
    private static final int CAPACITY = 1 << 20;

    @Param({"1", "4096", "65536", "1048576"})
    public int bytes;

    private Pipe source;
    private Pipe destination;
    private ByteBuffer ends;
    private ByteBuffer between;

    @Setup
    public void open() throws IOException {
        source = Pipe.open();
        destination = Pipe.open();
        source.sink().setPipeCapacity(CAPACITY);
        destination.sink().setPipeCapacity(CAPACITY);
        ends = ByteBuffer.allocateDirect(bytes);
        between = ByteBuffer.allocateDirect(bytes);
    }

    @TearDown
    public void close() throws IOException {
        source.close();
        destination.close();
    }

    @Benchmark
    public long copy() throws IOException {
        fill(source.sink());
        long moved = Copy.from(source.source()).to(destination.sink()).limit(bytes).run().bytes();
        drain(destination.source());
        return moved;
    }

    @Benchmark
    public long readAndWrite() throws IOException {
        fill(source.sink());
        between.clear();
        while (between.hasRemaining()) {
            source.source().read(between);
        }
        long moved = destination.sink().write(between.flip());
        drain(destination.source());
        return moved;
    }

    @Benchmark
    public void fillAndDrain() throws IOException {
        fill(source.sink());
        drain(source.source());
    }

    private void fill(Descriptor sink) throws IOException {
        sink.write(ends.clear());
    }

    private void drain(Descriptor end) throws IOException {
        ends.clear();
        while (ends.hasRemaining()) {
            end.read(ends);
        }
    }
}
