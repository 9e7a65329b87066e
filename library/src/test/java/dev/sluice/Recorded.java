// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.testing.OnThread;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** The program that {@link RecorderTest} runs: it does what there are events of, and says which were recorded. */
final class Recorded {
    /** More than the threshold, and than it takes to load the class of an event. */
    private static final int MILLIS = 150;

    private static final int CHUNK = 65_536;

    private Recorded() {}

    /** @param arguments a folder of its own; whether to record; the kind of thread */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        OnThread kind = OnThread.valueOf(arguments[2]);
        if (!Boolean.parseBoolean(arguments[1])) {
            act(folder, kind);
            return;
        }
        try (Recording recording = new Recording()) {
            recording.start();
            act(folder, kind);
            recording.stop();
            Path file = folder.resolve("recording.jfr");
            recording.dump(file);
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (event.getEventType().getName().startsWith("dev.sluice.")) {
                    System.out.println(describe(event, folder));
                }
            }
        }
    }

    private static void act(Path folder, OnThread kind) throws Exception {
        kind.run(() -> {
                    waits(folder);
                    copies(folder);
                    fallsBack(folder);
                    spreads(SlowPolicy.skip(1));
                    spreads(SlowPolicy.drop(1));
                })
                .get();
    }

    /** Each ends at its deadline, but for one that has nothing to wait for. */
    private static void waits(Path folder) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Pipe pipe = Pipe.open();
                Fifo writer = Fifo.open(path, WRITE)) {
            Bytes.write(pipe.sink(), "there");
            Bytes.read(pipe.source());
            pipe.source().setReadDeadline(Duration.ofMillis(MILLIS));
            late(() -> Bytes.read(pipe.source()));
            Bytes.write(pipe.sink(), "rest");
            pipe.source().setReadDeadline(Duration.ofMillis(MILLIS));
            late(() -> pipe.source().peek(ByteBuffer.allocate(10), 4));
            writer.setWriteDeadline(Duration.ofMillis(MILLIS));
            late(() -> writer.write(ByteBuffer.allocate(1)));
        }
    }

    private static void late(Callable<?> work) throws Exception {
        try {
            throw new AssertionError(work.call());
        } catch (SocketTimeoutException expected) {
            // it has waited
        }
    }

    private static void copies(Path folder) throws Exception {
        try (Pipe pipe = Pipe.open();
                Descriptor file = Descriptor.open(folder.resolve("copy"), WRITE, CREATE)) {
            pipe.sink().write(ByteBuffer.allocate(CHUNK));
            pipe.sink().close();
            Copy.from(pipe.source()).to(file).run();
        }
    }

    private static void fallsBack(Path folder) throws Exception {
        try (Pipe pipe = Pipe.open();
                Descriptor file = Descriptor.open(folder.resolve("appended"), APPEND, CREATE)) {
            pipe.sink().write(ByteBuffer.allocate(CHUNK));
            Copy.from(pipe.source()).to(file).limit(CHUNK).run();
        }
    }

    /** Three chunks to a pipe that nobody reads: the first one fills it. */
    private static void spreads(SlowPolicy policy) throws Exception {
        try (Pipe pipe = Pipe.open();
                Pipe stopped = Pipe.open();
                Descriptor nowhere = Descriptor.open(Path.of("/dev/null"), WRITE)) {
            FanOut fanOut = FanOut.from(pipe.source()).keepPipeCapacity();
            FanOut.Destination slow = fanOut.add(stopped.sink(), policy);
            fanOut.add(nowhere, SlowPolicy.block());
            for (int i = 0; i < 3; i++) {
                pipe.sink().write(ByteBuffer.allocate(CHUNK));
                fanOut.limit(CHUNK).idleTimeout(Duration.ofMillis(MILLIS)).run();
            }
            slow.remove();
            pipe.sink().close();
            fanOut.run();
        }
    }

    private static String describe(RecordedEvent event, Path folder) {
        String name = event.getEventType().getName().substring("dev.sluice.".length());
        List<String> fields =
                switch (name) {
                    case "Wait" -> List.of("operation", "descriptor");
                    case "Copy" -> List.of("source", "destination", "bytes", "spliced", "refusals", "end");
                    case "Fallback" -> List.of("source", "destination", "call", "reason");
                    case "Gap" -> List.of("destination", "bytes");
                    case "DestinationEnd" -> List.of("destination", "end", "delivered", "skipped", "gaps");
                    default -> throw new AssertionError(name);
                };
        return name + ": "
                + fields.stream()
                        .map(field -> String.valueOf(event.<Object>getValue(field)))
                        .collect(Collectors.joining(", "))
                        .replace(folder + "/", "");
    }
}
