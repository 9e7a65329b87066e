// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    @TempDir
    private Path folder;

    private List<RecordedEvent> record(String name, Work work) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable(name).withThreshold(Duration.ZERO);
            recording.start();
            work.run();
            recording.stop();
            Path file = folder.resolve("recording.jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(name))
                    .toList();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    @Test
    void aBatchThatIsTakenFromItsSource() throws Exception {
        byte[] line = "a line\n".getBytes(UTF_8);
        Entry entry = new Entry(Output.STDOUT, 0, line, 0, line.length - 1, true);
        List<RecordedEvent> events = record("dev.sluice.LogBatch", () -> {
            try (Pipe pipe = Pipe.open();
                    ContainerLog log = open(LogFormat.CRI)) {
                pipe.sink().write(ByteBuffer.wrap(line));
                try (Batch batch = log.source(pipe.source()).begin()) {
                    assertThat(batch.add(entry)).isTrue();
                    batch.commit(line, 0, line.length);
                }
            }
        });
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getString("container")).isEqualTo("one");
        assertThat(events.getFirst().getInt("entries")).isEqualTo(1);
        assertThat(events.getFirst().getLong("bytes")).isEqualTo(line.length);
    }

    @Test
    void whatIsDroppedAndForHowLong() throws Exception {
        long before = Activity.failing();
        List<RecordedEvent> events = record("dev.sluice.LogDrop", () -> {
            try (ContainerLog log = open(LogFormat.RAW)) {
                log.raw(Output.STDOUT).dropped(5, new IOException("no room"));
                assertThat(Activity.failing()).isEqualTo(before + 1);
            }
        });
        assertThat(Activity.failing()).isEqualTo(before);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getString("container")).isEqualTo("one");
        assertThat(events.getFirst().getLong("bytes")).isEqualTo(5);
        assertThat(events.getFirst().getString("reason")).isEqualTo("no room");
    }

    @Test
    void aRotation() throws Exception {
        long before = Activity.rotations();
        List<RecordedEvent> events =
                record("dev.sluice.LogRotation", () -> Activity.rotated("one", "container.log", 10));
        assertThat(Activity.rotations()).isEqualTo(before + 1);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getString("file")).isEqualTo("container.log");
        assertThat(events.getFirst().getLong("bytes")).isEqualTo(10);
    }

    private ContainerLog open(LogFormat format) throws IOException {
        return ContainerLog.open(
                LogFolder.open(folder.resolve("logs")).container("one"),
                new LogOptions(format, Long.MAX_VALUE, 1, false, Map.of()));
    }
}
