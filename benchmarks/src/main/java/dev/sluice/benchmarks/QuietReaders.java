// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import dev.sluice.Fifo;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * What does a virtual thread cost that waits in read on a FIFO where nothing comes?
 *
 * <p>{@code QuietReaders COUNT DIRECTORY} says {@code before HEAP_BYTES}, opens and waits for a line; then says
 * {@code waiting HEAP_BYTES} once all readers wait, and waits for a line; then {@code wake NANOSECONDS}, the median
 * time from a write until one of them has returned from read. {@code benchmarks/run/quiet-readers} looks at the
 * process from outside in between.
 */
public final class QuietReaders {
    /** Of all readers only these are ever written to, so that few and many are woken in the same way. */
    private static final int WOKEN = 10;

    private static final int WAKES = 2_000;
    private static final long PAUSE_NANOS = 2_000_000;

    private final SynchronousQueue<Long> woken = new SynchronousQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<Fifo> readers = new ArrayList<>();

    private QuietReaders() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        Path directory = Path.of(arguments[1]);

        // All classes and threads that a reader needs are there before the first look.
        QuietReaders first = new QuietReaders();
        first.open(directory.resolve("first"), 100);
        first.medianWake(200);
        first.end();

        report("before", liveHeap());
        System.in.read();
        QuietReaders readers = new QuietReaders();
        readers.open(directory.resolve("quiet"), count);
        report("waiting", liveHeap());
        System.in.read();
        report("wake", readers.medianWake(WAKES));
        readers.end();
    }

    private static void report(String word, long number) {
        System.out.println(word + " " + number);
    }

    private void open(Path directory, int count) throws Exception {
        Files.createDirectory(directory);
        CountDownLatch aboutToRead = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Path path = directory.resolve(Integer.toString(i));
            Fifo.create(path);
            paths.add(path);
            Fifo reader = Fifo.open(path);
            readers.add(reader);
            threads.add(Thread.ofVirtual().start(() -> readAll(reader, aboutToRead)));
        }
        aboutToRead.await();
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }

    private void readAll(Fifo reader, CountDownLatch aboutToRead) {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        aboutToRead.countDown();
        try {
            while (reader.read(buffer) >= 0) {
                woken.put(System.nanoTime());
                buffer.clear();
            }
        } catch (AsynchronousCloseException end) {
            // how end() ends it
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The median of so many wakes, each after a pause in which everything has gone to sleep again. */
    private long medianWake(int wakes) throws Exception {
        List<FileOutputStream> writers = new ArrayList<>();
        for (int i = 0; i < WOKEN; i++) {
            writers.add(new FileOutputStream(paths.get(i * (paths.size() / WOKEN)).toFile()));
        }
        long[] times = new long[wakes];
        for (int i = 0; i < wakes; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long start = System.nanoTime();
            writers.get(i % WOKEN).write('x');
            times[i] = woken.take() - start;
        }
        for (FileOutputStream writer : writers) {
            writer.close();
        }
        Arrays.sort(times);
        return times[wakes / 2];
    }

    private void end() throws Exception {
        for (Fifo reader : readers) {
            reader.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static long liveHeap() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
