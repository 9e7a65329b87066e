// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Child;
import dev.sluice.Fifo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Opening a FIFO waits for whoever opens its other end, and with the JDK nothing ends that wait. Here it is given up in
 * three ways, and nothing stays behind: no descriptor, and no harm to another process that waits on the same FIFO. (The
 * usual trick, to open the other end for a moment, would let that one go too, with an end-of-file that nobody meant.)
 */
public final class CancelFifoOpen {
    private CancelFifoOpen() {}

    public static void main(String... args) throws Exception {
        Path folder = Files.createTempDirectory("cancel-fifo-open");
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Child cat = Child.start(new ProcessBuilder("cat", path.toString()))) {
            await(() -> waitsInOpen(cat));
            giveUp(path); // uncounted: what Sluice itself keeps open comes with a JVM's first waits
            long before = descriptors();

            giveUp(path).forEach(IO::println);

            IO.println("descriptors left behind: " + (descriptors() - before));
            IO.println("cat still waits for its writer: " + waitsInOpen(cat));
            try (Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
                writer.write(ByteBuffer.wrap("the first words on this FIFO\n".getBytes(StandardCharsets.UTF_8)));
            }
            String got = new String(cat.stdout().inputStream().readAllBytes(), StandardCharsets.UTF_8);
            IO.println("and gets: " + got.strip());
        } finally {
            Files.delete(path);
            Files.delete(folder);
        }
    }

    private static List<String> giveUp(Path path) throws Exception {
        return List.of(
                "interrupt: " + byInterrupt(path), "deadline: " + byDeadline(path), "close: " + byClose(path));
    }

    private static String byInterrupt(Path path) throws Exception {
        FutureTask<Fifo> opening = new FutureTask<>(() -> Fifo.connect(path));
        Thread thread = Thread.startVirtualThread(opening);
        await(() -> isParked(thread));
        thread.interrupt();
        return failure(opening);
    }

    private static String byDeadline(Path path) throws Exception {
        try (Fifo fifo = Fifo.open(path)) {
            fifo.setReadDeadline(Duration.ofMillis(50));
            FutureTask<Fifo> waiting = new FutureTask<>(() -> connected(fifo));
            waiting.run();
            return failure(waiting);
        }
    }

    private static String byClose(Path path) throws Exception {
        Fifo fifo = Fifo.open(path);
        FutureTask<Fifo> waiting = new FutureTask<>(() -> connected(fifo));
        Thread thread = Thread.startVirtualThread(waiting);
        await(() -> isParked(thread));
        fifo.close();
        return failure(waiting);
    }

    private static Fifo connected(Fifo fifo) throws IOException {
        fifo.awaitPeer();
        return fifo;
    }

    private static String failure(FutureTask<Fifo> opening) throws InterruptedException {
        try {
            return "opened " + opening.get();
        } catch (ExecutionException ended) {
            return String.valueOf(ended.getCause());
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    /** Whether it is cat by now, asleep, and has no FIFO open: then it sleeps in open(2). */
    private static boolean waitsInOpen(Child cat) throws IOException {
        Path process = Path.of("/proc", String.valueOf(cat.process().pid()));
        boolean asleep = Files.readString(process.resolve("stat")).contains("(cat) S");
        return asleep && !Files.exists(process.resolve("fd/3"));
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(1);
        }
    }
}
