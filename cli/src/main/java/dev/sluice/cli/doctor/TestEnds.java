// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

import dev.sluice.Child;
import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.Pipe;
import dev.sluice.cli.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The ends that the self-test copies between, and who is at their other side. */
final class TestEnds {
    private final Path folder;
    private final byte[] data;
    private int made;

    /** @param data what comes from each source */
    TestEnds(Path folder, byte[] data) {
        this.folder = folder;
        this.data = data;
    }

    /**
     * @param descriptor to copy to
     * @param arrived what came out of it in the end
     */
    record Destination(Descriptor descriptor, Callable<byte[]> arrived) {}

    Descriptor fromPipe() throws IOException {
        Pipe pipe = Pipe.open();
        write(pipe.sink());
        return pipe.source();
    }

    Descriptor fromFifo() throws IOException {
        Path path = fifo();
        write(Fifo.open(path, StandardOpenOption.WRITE));
        return Fifo.open(path, StandardOpenOption.READ);
    }

    Descriptor fromFile() throws IOException {
        return Descriptor.open(fileWithData());
    }

    Descriptor fromChild() throws IOException {
        return Child.start(new ProcessBuilder("cat", fileWithData().toString())
                        .redirectInput(Redirect.INHERIT)
                        .redirectError(Redirect.INHERIT))
                .stdout();
    }

    Destination toPipe() throws IOException {
        Pipe pipe = Pipe.open();
        return new Destination(pipe.sink(), read(pipe.source()));
    }

    Destination toFifo() throws IOException {
        Path path = fifo();
        return new Destination(
                Fifo.open(path, StandardOpenOption.WRITE), read(Fifo.open(path, StandardOpenOption.READ)));
    }

    Destination toFile() throws IOException {
        Path path = newPath("file");
        return new Destination(
                Descriptor.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                () -> Files.readAllBytes(path));
    }

    /** What it takes cannot be looked at. */
    Destination toDevice() throws IOException {
        return new Destination(Descriptor.open(Path.of("/dev/null"), StandardOpenOption.WRITE), () -> data);
    }

    Destination toChild() throws IOException {
        Path path = newPath("child");
        ProcessBuilder cat = new ProcessBuilder("cat").redirectOutput(path.toFile()).redirectError(Redirect.INHERIT);
        Child child = Child.start(cat);
        return new Destination(child.stdin(), () -> {
            int status = child.waitFor();
            if (status != 0) {
                throw new Fault("cat: exit status " + status);
            }
            return Files.readAllBytes(path);
        });
    }

    private synchronized Path newPath(String name) {
        return folder.resolve(name + "-" + made++);
    }

    private Path fifo() throws IOException {
        Path path = newPath("fifo");
        Fifo.create(path);
        return path;
    }

    private Path fileWithData() throws IOException {
        return Files.write(newPath("data"), data);
    }

    private void write(Descriptor sink) {
        write(sink, data);
    }

    /** Writes it all, and closes. */
    static void write(Descriptor sink, byte[] data) {
        FutureTask<Integer> ignored = start(() -> {
            try (sink) {
                return sink.write(ByteBuffer.wrap(data));
            }
        });
    }

    /** Reads to the end, and closes. */
    static Callable<byte[]> read(Descriptor source) {
        FutureTask<byte[]> reading = start(() -> {
            try (InputStream stream = source.inputStream()) {
                return stream.readAllBytes();
            }
        });
        return reading::get;
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
