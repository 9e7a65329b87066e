// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Command;
import dev.sluice.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a disk of a quarter of a megabyte. */
class DiskFullTest {
    private static final Logger LOGGER = Logger.getLogger(ContainerLog.class.getName());

    @TempDir
    private Path temp;

    private final List<String> told = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord message) {
            told.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        Command.Outcome mounted = Command.of(
                        "mount", "-t", "tmpfs", "-o", "size=256k,mode=0755", "none", disk.toString())
                .outcome(Duration.ofSeconds(10));
        Needs.check(mounted.exit() == 0, "the right to mount a tmpfs");
        LOGGER.addHandler(listener);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void unmount() throws Exception {
        LOGGER.removeHandler(listener);
        LOGGER.setUseParentHandlers(true);
        Command.of("umount", "-l", disk.toString()).outcome(Duration.ofSeconds(10));
    }

    /** Leaves so many bytes free at most. */
    private Path fill(int free) throws IOException {
        Path filler = disk.resolve("filler");
        long room = disk.toFile().getUsableSpace();
        Files.write(filler, new byte[(int) room - free]);
        return filler;
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void dropsWholeEntriesAndGoesOnWhenThereIsRoom(LogFormat format) throws IOException {
        ContainerFolder folder = Logs.folder(disk.resolve("logs"));
        int number = 0;
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(format))) {
            Path filler = fill(20_000);
            for (int batch = 0; batch < 50; batch++) {
                number = append(log, number);
            }
            long missing = log.droppedEntries();

            assertThat(missing).isPositive();
            assertThat(log.droppedBytes()).isEqualTo(100 * missing);
            assertThat(told).singleElement().asString().contains("cannot be written", "ENOSPC");

            Files.delete(filler);
            number = append(log, number);

            assertThat(log.droppedEntries()).isEqualTo(missing);
            assertThat(told).hasSize(2).last().asString().contains("written again", missing + " entries");

            List<String> lines = Logs.text(folder, LogNames.of(format).getFirst()).lines().toList();
            assertThat(lines).hasSize(number - (int) missing);
            List<Integer> numbers = lines.stream().map(DiskFullTest::number).toList();
            assertThat(numbers).isSorted().doesNotHaveDuplicates().endsWith(number - 1);
            assertThat(lines).allSatisfy(line -> assertThat(line).contains("x".repeat(90)));
        }
    }

    /** Twenty lines of 100 bytes in a batch. */
    private static int append(ContainerLog log, int first) throws IOException {
        Entry[] entries = new Entry[20];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = Logs.line("#%05d %s".formatted(first + i, "x".repeat(93)));
        }
        Logs.append(log, entries);
        return first + entries.length;
    }

    private static int number(String line) {
        int at = line.indexOf('#') + 1;
        return Integer.parseInt(line.substring(at, at + 5));
    }

    @Test
    void rawBytesAreKeptInWholeLines() throws IOException {
        ContainerFolder folder = Logs.folder(disk.resolve("logs"));
        byte[] bytes = ("x".repeat(99) + "\n").repeat(500).getBytes(UTF_8);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            Path filler = fill(20_000);
            long added = 0;
            for (int i = 0; i < 3; i++) {
                try (Batch batch = log.begin()) {
                    added += batch.addRaw(Output.STDOUT, bytes, 0, bytes.length);
                    batch.commit();
                }
            }
            Files.delete(filler);
            String kept = Files.readString(folder.file("stdout.log"));

            assertThat(kept).matches("(x{99}\n)+");
            assertThat(log.droppedBytes()).isEqualTo(added - kept.length());
        }
    }

    @Test
    void aRotationThatFindsNoRoomHarmsNothing() throws IOException {
        ContainerFolder folder = Logs.folder(disk.resolve("logs"));
        int number = 0;
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.CRI, 8000, 3, true))) {
            fill(12_000);
            for (int batch = 0; batch < 100; batch++) {
                number = append(log, number);
            }

            List<Integer> numbers = Logs.text(folder, "container.log")
                    .lines()
                    .map(DiskFullTest::number)
                    .toList();
            assertThat(log.rotations()).isPositive();
            assertThat(numbers).isNotEmpty().isSorted().doesNotHaveDuplicates();
            assertThat(log.droppedEntries()).isLessThan(number - numbers.size() + 1);
        }
    }

    @Test
    void aLogCanBeOpenedOnAFullDiskOnceItHasAJournal() throws IOException {
        ContainerFolder folder = Logs.folder(disk.resolve("logs"));
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.CRI))) {
            append(log, 0);
        }
        fill(0);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.CRI))) {
            int number = 0;
            while (log.droppedEntries() == 0) {
                number = append(log, number);
            }
            assertThat(number).isLessThan(200);
        }
    }
}
