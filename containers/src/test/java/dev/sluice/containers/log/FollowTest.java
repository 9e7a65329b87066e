// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log is followed while it is written and rotated, and the end of its container is its end. */
@Timeout(60)
class FollowTest {
    private static final Selection FOLLOW = Selection.everything().following();

    @TempDir
    Path folder;

    private ContainerFolder log;

    @BeforeEach
    void makeFolder() throws IOException {
        log = LogFolder.open(folder).container("c");
    }

    private static String line(int number) {
        return TimeBound.format(number) + " stdout F " + number + "\n";
    }

    private void append(String text) throws IOException {
        Files.writeString(log.file("container.log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void say(boolean live) throws IOException {
        ContainerDescription description =
                ContainerDescription.of("c", Driver.CONTAINERD, LogOptions.of(LogFormat.CRI));
        Instant now = Instant.now();
        ContainerState state = new ContainerState(description, now, live ? null : now, "", List.of(), 0, 0);
        log.replace(ContainerJson.FILE, ContainerJson.write(state).getBytes(StandardCharsets.UTF_8));
    }

    /** As the writer does it: the oldest first, between two marks in the journal. */
    private void rotate(Journal journal, int files, boolean compress) throws IOException {
        journal.setRotations(0, journal.rotations(0) + 1);
        for (int age = files - 1; age > 0; age--) {
            for (String end : List.of("", ".gz")) {
                Path from = log.file("container.log" + (age == 1 ? "" : "." + (age - 1)) + end);
                if (Files.exists(from)) {
                    Files.move(from, log.file("container.log." + age + end), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Files.createFile(log.file("container.log"));
        journal.setRotations(0, journal.rotations(0) + 1);
        Path second = log.file("container.log.2");
        if (compress && Files.exists(second)) {
            Path fresh = log.file(".new");
            try (GZIPOutputStream zipped = new GZIPOutputStream(Files.newOutputStream(fresh))) {
                Files.copy(second, zipped);
            }
            Files.move(fresh, log.file("container.log.2.gz"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(second);
        }
    }

    private static FutureTask<List<String>> follower(LogReader reader) {
        Callable<List<String>> toTheEnd = () -> {
            List<String> all = new ArrayList<>();
            try (reader) {
                for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                    all.add(entry.text());
                }
                assertThat(reader.missedFiles()).isZero();
                assertThat(reader.damagedLines()).isZero();
            }
            return all;
        };
        FutureTask<List<String>> task = new FutureTask<>(toTheEnd);
        Thread.ofVirtual().start(task);
        return task;
    }

    @Test
    void nothingIsLostOrDoubledByRotations() throws Exception {
        int lines = 5_000;
        say(true);
        List<FutureTask<List<String>>> followers = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        try (Journal journal = Journal.open(log)) {
            append("");
            for (int i = 0; i < lines; i++) {
                if (i % 1_000 == 0) {
                    followers.add(follower(LogReader.open(log, FOLLOW.withTail(0))));
                    followers.add(follower(LogReader.open(log, FOLLOW)));
                }
                String line = line(i);
                // Lines come in pieces too, as a reader sees them while they are written.
                append(line.substring(0, i % line.length()));
                append(line.substring(i % line.length()));
                expected.add(String.valueOf(i));
                if (i % 20 == 19) {
                    rotate(journal, 300, true);
                }
            }
        }
        say(false);
        for (int i = 0; i < followers.size(); i++) {
            int from = i % 2 == 0 ? i / 2 * 1_000 : 0;
            List<String> read = followers.get(i).get();
            assertThat(read.equals(expected.subList(from, lines))).as("follower %d", i).isTrue();
        }
    }

    @Test
    void whatWasDeletedBeforeItWasReadIsCounted() throws Exception {
        try (Journal journal = Journal.open(log);
                LogReader reader = LogReader.open(log, FOLLOW)) {
            append(line(0));
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("0");
            for (int i = 1; i <= 10; i++) {
                rotate(journal, 3, true);
                append(line(i));
            }
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("8");
            assertThat(reader.missedFiles()).isEqualTo(7);
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("9");
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("10");
            assertThat(reader.poll()).isNull();
            assertThat(reader.missedFiles()).isEqualTo(7);
        }
    }

    @Test
    void aLineIsReadWhenItIsWhole() throws Exception {
        try (LogReader reader = LogReader.open(log, FOLLOW)) {
            assertThat(reader.poll()).isNull();
            append(line(1) + line(2).substring(0, 20));
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("1");
            assertThat(reader.poll()).isNull();
            append(line(2).substring(20));
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("2");
            assertThat(reader.poll()).isNull();
        }
    }

    @Test
    void aTornLineThatIsCutOffIsForgotten() throws Exception {
        try (LogReader reader = LogReader.open(log, FOLLOW)) {
            append(line(1) + "torn");
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("1");
            assertThat(reader.poll()).isNull();
            Files.writeString(log.file("container.log"), line(1)); // cut back
            assertThat(reader.poll()).isNull();
            append(line(2));
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("2");
            assertThat(reader.damagedLines()).isZero();
        }
    }

    @Test
    void bothRawOutputsAsTheyCome() throws Exception {
        Path out = log.file("stdout.log");
        Path err = log.file("stderr.log");
        Files.writeString(out, "out 1\nout");
        Files.writeString(err, "err 1\n");
        try (LogReader reader = LogReader.open(log, FOLLOW)) {
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("out 1");
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("out");
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("err 1");
            assertThat(reader.poll()).isNull();
            Files.writeString(err, "err 2\n", StandardOpenOption.APPEND);
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("err 2");
            Files.writeString(out, " 2\n", StandardOpenOption.APPEND);
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo(" 2");
        }
    }

    @Test
    void aWaitIsEndedByInterruptAndGoesOn() throws Exception {
        try (LogReader reader = LogReader.open(log, FOLLOW)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(reader::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            append(line(1));
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("1");
        }
    }

    @Test
    void aWaitIsEndedByClose() throws Exception {
        append(line(1));
        LogReader reader = LogReader.open(log, FOLLOW);
        FutureTask<List<String>> following = follower(reader);
        Thread.sleep(50); // it may wait by then, or not yet: both must end
        reader.close();
        assertThatThrownBy(following::get).hasCauseInstanceOf(ClosedChannelException.class);
        reader.close();
    }

    @Test
    void itEndsWhenTheTimeIsPast() throws Exception {
        append(line(1));
        long soon = TimeBound.of(Instant.now());
        FutureTask<List<String>> following = follower(LogReader.open(log, FOLLOW.withUntil(soon)));
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(following::isDone);
        assertThat(following.get()).containsExactly("1");
    }

    @Test
    void itEndsWhenTheFolderIsRemoved() throws Exception {
        append(line(1));
        FutureTask<List<String>> following = follower(LogReader.open(log, FOLLOW));
        Files.delete(log.file("container.log"));
        Files.delete(log.path());
        assertThat(following.get()).isSubsetOf("1");
    }

    @Test
    void aLineIsSeenSoon() throws Exception {
        append(line(0));
        try (LogReader reader = LogReader.open(log, FOLLOW)) {
            assertThat(reader.next()).isNotNull();
            long most = 0;
            for (int i = 1; i <= 20; i++) {
                FutureTask<Entry> next = new FutureTask<>(reader::next);
                Thread.ofVirtual().start(next);
                Thread.sleep(5);
                long written = System.nanoTime();
                append(line(i));
                assertThat(next.get().text()).isEqualTo(String.valueOf(i));
                most = Math.max(most, System.nanoTime() - written);
            }
            assertThat(Duration.ofNanos(most)).isLessThan(Duration.ofMillis(500)); // a timed look comes after 1 s
        }
    }
}
