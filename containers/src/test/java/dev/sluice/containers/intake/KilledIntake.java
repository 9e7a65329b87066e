// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import dev.sluice.Fifo;
import dev.sluice.containers.log.ContainerLog;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.nio.file.Path;

/** An intake as a process of its own, to be killed: {@code frames|lines|raw FIFO FOLDER}. */
final class KilledIntake {
    private KilledIntake() {}

    public static void main(String... args) throws Exception {
        LogFormat format =
                switch (args[0]) {
                    case "frames" -> LogFormat.JSON_FILE;
                    case "lines" -> LogFormat.CRI;
                    default -> LogFormat.RAW;
                };
        try (ContainerLog log = ContainerLog.open(
                        LogFolder.open(Path.of(args[2])).container("c"), LogOptions.of(format));
                Fifo fifo = Fifo.open(Path.of(args[1]))) {
            Thread reading = Thread.ofVirtual().start(() -> {
                try {
                    read(args[0], fifo, log);
                } catch (IOException failure) {
                    failure.printStackTrace();
                    Runtime.getRuntime().halt(1);
                }
            });
            reading.join();
        }
    }

    private static void read(String kind, Fifo fifo, ContainerLog log) throws IOException {
        Attachments nobody = new Attachments();
        Counters counters = new Counters();
        switch (kind) {
            case "frames" -> new FrameIntake(fifo, log, nobody, counters).run();
            case "lines" -> new LineIntake(fifo, Output.STDOUT, log, nobody, counters).run();
            default -> new RawIntake(fifo, Output.STDOUT, log, nobody, counters).run();
        }
    }
}
