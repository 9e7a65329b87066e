// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Bytes go from one pipe to another inside the kernel, by splice(2), and no copy outlives its destination: when the
 * reader goes, it ends at once, however quiet its source. The JDK's own transferTo waits for the next byte.
 */
public final class CopyWithoutCopying {
    private static final int LENGTH = 256 << 20;

    private CopyWithoutCopying() {}

    public static void main(String... args) throws Exception {
        throughTheKernel();
        transferTo();
        readerGoes();
        readerGoesOnTheStockJvm();
    }

    private static void throughTheKernel() throws Exception {
        try (Pipe in = Pipe.open();
                Pipe out = Pipe.open()) {
            FutureTask<Void> producer = start(() -> produce(in.sink().outputStream()));
            FutureTask<Long> consumer = start(() -> consume(out.source().inputStream()));

            CopyResult result = Copy.from(in.source()).to(out.sink()).run();

            out.sink().close();
            IO.println("Copy: %d bytes, %d %% of them spliced, ended by %s; the reader got %d"
                    .formatted(result.bytes(), result.spliced() * 100 / result.bytes(), result.end(), consumer.get()));
            producer.get();
        }
    }

    /** Nobody need know of Copy: transferTo is one, where both streams are those of descriptors. */
    private static void transferTo() throws Exception {
        try (Pipe in = Pipe.open();
                Pipe out = Pipe.open()) {
            FutureTask<Void> producer = start(() -> produce(in.sink().outputStream()));
            FutureTask<Long> consumer = start(() -> consume(out.source().inputStream()));

            long moved;
            try (OutputStream to = out.sink().outputStream()) {
                moved = in.source().inputStream().transferTo(to);
            }

            IO.println("transferTo: %d bytes; the reader got %d".formatted(moved, consumer.get()));
            producer.get();
        }
    }

    private static void readerGoes() throws Exception {
        try (Pipe quiet = Pipe.open();
                Pipe out = Pipe.open()) {
            FutureTask<CopyResult> copy = new FutureTask<>(
                    () -> Copy.from(quiet.source()).to(out.sink()).run());
            awaitParked(Thread.startVirtualThread(copy));

            long start = System.nanoTime();
            out.source().close();
            CopyResult result = copy.get();

            IO.println("the reader goes, and the source is quiet: %s after %.1f ms"
                    .formatted(result.end(), (System.nanoTime() - start) / 1e6));
        }
    }

    private static void readerGoesOnTheStockJvm() throws Exception {
        java.nio.channels.Pipe quiet = java.nio.channels.Pipe.open();
        java.nio.channels.Pipe out = java.nio.channels.Pipe.open();
        try (InputStream from = Channels.newInputStream(quiet.source());
                OutputStream to = Channels.newOutputStream(out.sink())) {
            FutureTask<Long> copy = new FutureTask<>(() -> from.transferTo(to));
            Thread thread = Thread.startVirtualThread(copy);
            awaitParked(thread);

            out.source().close();
            boolean ended = thread.join(Duration.ofSeconds(1));
            IO.println("the same with java.nio.channels.Pipe: " + (ended ? "ended" : "still waiting after 1 s"));

            quiet.sink().write(ByteBuffer.allocate(1));
            IO.println("... until the next byte comes, which is lost: " + failure(copy));
            quiet.sink().close();
        }
    }

    private static Void produce(OutputStream to) throws IOException {
        try (to) {
            byte[] chunk = new byte[1 << 20];
            for (int written = 0; written < LENGTH; written += chunk.length) {
                to.write(chunk);
            }
            return null;
        }
    }

    private static long consume(InputStream from) throws IOException {
        return from.transferTo(OutputStream.nullOutputStream());
    }

    private static <T> FutureTask<T> start(Callable<T> job) {
        FutureTask<T> task = new FutureTask<>(job);
        Thread.startVirtualThread(task);
        return task;
    }

    private static void awaitParked(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
    }

    private static String failure(FutureTask<?> task) throws InterruptedException {
        try {
            return String.valueOf(task.get());
        } catch (ExecutionException failed) {
            return String.valueOf(failed.getCause());
        }
    }
}
