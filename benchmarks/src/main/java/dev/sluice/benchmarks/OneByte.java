// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import dev.sluice.Fifo;
import dev.sluice.Pipe;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to write one byte and read it back, when neither has to wait? Two system calls, and what each
 * library puts around them: the JDK's own ways in, beside Sluice's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class OneByte {
    private final ByteBuffer direct = ByteBuffer.allocateDirect(1);
    private final ByteBuffer heap = ByteBuffer.allocate(1);
    private Path directory;
    private Pipe pipe;
    private java.nio.channels.Pipe nioPipe;
    private FileChannel fileChannel;
    private FileOutputStream fileOutput;
    private FileInputStream fileInput;

    @Setup
    public void open() throws IOException {
        pipe = Pipe.open();
        nioPipe = java.nio.channels.Pipe.open();

        // The JDK's file classes reach a pipe by its path alone, so theirs is a FIFO; held open both ways, none blocks.
        directory = Files.createTempDirectory("one-byte");
        Path path = directory.resolve("fifo");
        Fifo.create(path);
        fileChannel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        fileOutput = new FileOutputStream(path.toFile());
        fileInput = new FileInputStream(path.toFile());
    }

    @TearDown
    public void close() throws IOException {
        pipe.close();
        nioPipe.sink().close();
        nioPipe.source().close();
        fileChannel.close();
        fileOutput.close();
        fileInput.close();
        Files.delete(directory.resolve("fifo"));
        Files.delete(directory);
    }

    @Benchmark
    public int sluice() throws IOException {
        return thereAndBack(pipe.sink(), pipe.source(), direct);
    }

    @Benchmark
    public int sluiceHeapBuffer() throws IOException {
        return thereAndBack(pipe.sink(), pipe.source(), heap);
    }

    @Benchmark
    public int nioPipe() throws IOException {
        return thereAndBack(nioPipe.sink(), nioPipe.source(), direct);
    }

    @Benchmark
    public int fileChannel() throws IOException {
        return thereAndBack(fileChannel, fileChannel, direct);
    }

    @Benchmark
    public int fileStreams() throws IOException {
        fileOutput.write('x');
        return fileInput.read();
    }

    private static int thereAndBack(WritableByteChannel out, ReadableByteChannel in, ByteBuffer buffer)
            throws IOException {
        buffer.clear();
        int written = out.write(buffer);
        buffer.clear();
        return written + in.read(buffer);
    }
}
