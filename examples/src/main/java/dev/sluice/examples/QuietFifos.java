// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import dev.sluice.Child;
import dev.sluice.Fifo;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A FIFO that nobody writes to at the moment is an everyday thing. As many of them as the JVM has carrier threads, read
 * by the JDK's own streams, stop every virtual thread there is (since JDK-8329593 nothing makes up for a carrier that
 * is blocked so); read by Sluice, they stop none.
 *
 * <p>Each way is tried out in a JVM of its own with two carriers and two such FIFOs: once both are being read, one more
 * virtual thread says that it is alive. The parent listens for it.
 */
public final class QuietFifos {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private enum Way {
        FILE_INPUT_STREAM("java.io.FileInputStream") {
            @Override
            InputStream open(Path fifo) throws IOException {
                return new FileInputStream(fifo.toFile());
            }
        },
        FILES("java.nio.file.Files") {
            @Override
            InputStream open(Path fifo) throws IOException {
                return Files.newInputStream(fifo);
            }
        },
        SLUICE("dev.sluice.Fifo") {
            @Override
            InputStream open(Path fifo) throws IOException {
                return Fifo.open(fifo).inputStream();
            }
        };

        private final String title;

        Way(String title) {
            this.title = title;
        }

        abstract InputStream open(Path fifo) throws IOException;
    }

    private QuietFifos() {}

    public static void main(String... args) throws Exception {
        if (args.length == 0) {
            IO.println("2 carrier threads; 2 virtual threads read a quiet FIFO each; is another one still heard?");
            for (Way way : Way.values()) {
                IO.println("%-24s %s".formatted(way.title, tryOut(way)));
            }
        } else {
            readAndSpeak(Way.valueOf(args[0]), Path.of(args[1]), Path.of(args[2]));
        }
    }

    private static String tryOut(Way way) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("quiet-fifos");
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        try (Fifo _ = quiet(one);
                Fifo _ = quiet(two);
                Child jvm = Child.start(jvm(way.name(), one.toString(), two.toString()))) {
            BufferedReader said = reader(jvm);
            expect("reading", said.readLine());
            long start = System.nanoTime();
            jvm.stdout().setReadDeadline(PATIENCE);
            try {
                expect("alive", said.readLine());
                return "yes, after %.1f ms".formatted((System.nanoTime() - start) / 1e6);
            } catch (SocketTimeoutException silence) {
                return "no, not within %d s: no virtual thread of that JVM runs any more"
                        .formatted(PATIENCE.toSeconds());
            } finally {
                jvm.process().destroyForcibly().waitFor();
            }
        } finally {
            for (Path path : new Path[] {one, two, folder}) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Makes a FIFO and holds it open for writing, so that its reader neither waits in open(2) nor sees an end. */
    private static Fifo quiet(Path path) throws IOException {
        Fifo.create(path);
        return Fifo.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static ProcessBuilder jvm(String... args) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.virtualThreadScheduler.parallelism=2",
                "-Djdk.virtualThreadScheduler.maxPoolSize=2",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                QuietFifos.class.getName());
        builder.command().addAll(Arrays.asList(args));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static BufferedReader reader(Child jvm) {
        return new BufferedReader(new InputStreamReader(jvm.stdout().inputStream(), StandardCharsets.UTF_8));
    }

    private static void expect(String word, String said) {
        if (!word.equals(said)) {
            throw new IllegalStateException("the JVM said " + said + ", and not " + word);
        }
    }

    // From here on: in the JVM that is tried out.

    private static void readAndSpeak(Way way, Path... fifos) throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(fifos.length);
        for (Path fifo : fifos) {
            Thread.startVirtualThread(() -> read(way, fifo, reading));
        }
        reading.await();
        IO.println("reading");
        Thread.startVirtualThread(() -> IO.println("alive")).join();
    }

    private static void read(Way way, Path fifo, CountDownLatch reading) {
        try (InputStream in = way.open(fifo)) {
            // Nothing from here to the read gives up the carrier, so the latch opens only when both are taken.
            reading.countDown();
            in.read();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
