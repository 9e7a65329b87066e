// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Pipe;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NothingLeft.class)
class ContainerLogTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void goesOnWhereItWas(LogFormat format) throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        for (String text : new String[] {"one", "two"}) {
            try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(format))) {
                Logs.append(log, Logs.line(text), Logs.line(text + text));
            }
        }

        String name = LogNames.of(format).getFirst();
        assertThat(Files.readString(folder.file(name)).lines())
                .hasSize(4)
                .satisfiesExactly(
                        line -> assertThat(line).contains("one"),
                        line -> assertThat(line).contains("oneone"),
                        line -> assertThat(line).contains("two"),
                        line -> assertThat(line).contains("twotwo"));
    }

    @Test
    void rawKeepsTheOutputsApart() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            Logs.append(
                    log,
                    Logs.line("out"),
                    Logs.entry(Output.STDERR, "err", true),
                    Logs.entry(Output.STDOUT, "no end", false));
        }

        assertThat(folder.file("stdout.log")).hasContent("out\nno end");
        assertThat(folder.file("stderr.log")).hasContent("err\n");
    }

    @Test
    void takesTheBytesOffTheirSource() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.CRI));
                Pipe pipe = Pipe.open()) {
            LogSource source = log.source(pipe.source());
            pipe.sink().write(ByteBuffer.wrap("one\ntwo\nthr".getBytes(UTF_8)));
            ByteBuffer buffer = ByteBuffer.allocate(100);
            pipe.source().peek(buffer, 0);
            try (Batch batch = source.begin()) {
                batch.add(Logs.line("one"));
                batch.add(Logs.line("two"));
                batch.commit(buffer.array(), 0, 8);
            }

            assertThat(pipe.source().peek(buffer.clear(), 0)).isEqualTo(3);
            assertThat(Files.readAllLines(folder.file("container.log"))).hasSize(2);
        }
    }

    @Test
    void takesBackWhatCannotBeTakenOffItsSource() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.CRI));
                Pipe pipe = Pipe.open()) {
            Logs.append(log, Logs.line("before"));
            LogSource source = log.source(pipe.source());
            pipe.source().close();
            try (Batch batch = source.begin()) {
                batch.add(Logs.line("lost"));

                assertThatThrownBy(() -> batch.commit(new byte[5], 0, 5)).isInstanceOf(ClosedChannelException.class);
            }
            Logs.append(log, Logs.line("after"));
        }

        assertThat(Files.readAllLines(folder.file("container.log")))
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly("before", "after");
    }

    @Test
    void anInterruptComesBetweenNeitherWriteNorTake() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW));
                Pipe pipe = Pipe.open()) {
            LogSource source = log.source(pipe.source());
            pipe.sink().write(ByteBuffer.wrap("a\nb".getBytes(UTF_8)));
            try (Batch batch = source.begin()) {
                batch.add(Logs.line("a"));
                Thread.currentThread().interrupt();
                batch.commit("a\n".getBytes(UTF_8), 0, 2);
            }

            assertThat(Thread.interrupted()).isTrue();
            assertThat(pipe.source().peek(ByteBuffer.allocate(9), 0)).isEqualTo(1);
        }
        assertThat(folder.file("stdout.log")).hasContent("a\n");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void filesAreNeverLongerThanTheyMayBe(LogFormat format) throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        String name = LogNames.of(format).getFirst();
        long most = 1000;
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(format, most, 1000, false))) {
            Entry[] entries = IntStream.range(0, 500)
                    .mapToObj(i -> Logs.line(i + "x".repeat(i % 97)))
                    .toArray(Entry[]::new);
            Logs.append(log, entries);
            long longest = 0;
            for (int k = 0; k <= log.rotations(); k++) {
                longest = Math.max(longest, Files.size(folder.file(LogNames.rotated(name, k))));
            }

            assertThat(log.rotations()).isGreaterThan(10);
            assertThat(longest).isBetween(most - 250, most);
        }
        assertThat(Logs.text(folder, name).lines()).hasSize(500);
    }

    @Test
    void oneEntryAloneMayBeLonger() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 10, 5, false))) {
            Logs.append(log, Logs.line("a"), Logs.line("b".repeat(20)), Logs.line("c"), Logs.line("d"));
        }

        assertThat(folder.file("stdout.log.2")).hasContent("a\n");
        assertThat(folder.file("stdout.log.1")).hasContent("b".repeat(20) + "\n");
        assertThat(folder.file("stdout.log")).hasContent("c\nd\n");
    }

    @Test
    void keepsSoManyFiles() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 2, 3, false))) {
            for (char c = 'a'; c <= 'f'; c++) {
                Logs.append(log, Logs.line(String.valueOf(c)));
            }
        }

        assertThat(Logs.text(folder, "stdout.log")).isEqualTo("d\ne\nf\n");
        assertThat(folder.file("stdout.log.3")).doesNotExist();
        assertThat(Journal.rotations(folder, 0)).isEqualTo(12);
    }

    @Test
    void oneFileMayBeAllThatIsKept() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 4, 1, false))) {
            Logs.append(log, Logs.line("a"), Logs.line("b"), Logs.line("c"));
        }

        assertThat(folder.file("stdout.log")).hasContent("c\n");
        assertThat(folder.file("stdout.log.1")).doesNotExist();
    }

    @Test
    void rawBytesFillTheFileToTheLastByte() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        byte[] bytes = "0123456789".repeat(10).getBytes(UTF_8);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 7, 100, false));
                Batch batch = log.begin()) {
            int done = 0;
            while (done < bytes.length) {
                done += batch.addRaw(Output.STDOUT, bytes, done, bytes.length);
                batch.commit();
            }
        }

        assertThat(Logs.text(folder, "stdout.log")).isEqualTo("0123456789".repeat(10));
        assertThat(folder.file("stdout.log.14")).hasSize(7);
        assertThat(folder.file("stdout.log")).hasSize(2);
    }

    @Test
    void aTornLastLineIsCutOff() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        Files.writeString(folder.file("container.log"), "t stdout F whole\nt stdout F " + "torn".repeat(5000));

        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.CRI))) {
            Logs.append(log, Logs.line("next"));
        }

        assertThat(Files.readAllLines(folder.file("container.log")))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("t stdout F whole"),
                        line -> assertThat(line).endsWith(" stdout F next"));
    }

    @Test
    void aLogIsOpenOnceAtATime() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            assertThatThrownBy(() -> ContainerLog.open(folder, LogOptions.of(LogFormat.RAW)))
                    .hasMessageContaining("already");
            assertThat(ContainerLog.openIn(folder)).isSameAs(log);
            try (Batch batch = log.begin()) {
                assertThat(batch.add(Logs.line("x"))).isTrue();
                assertThatThrownBy(log::begin).isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(ContainerLog.openIn(folder)).isNull();
        assertThat(folder.file("stdout.log")).isEmptyFile();
        ContainerLog.open(folder, LogOptions.of(LogFormat.RAW)).close();
    }

    @Test
    void aClosedLogTakesNothing() throws IOException {
        ContainerLog log = ContainerLog.open(Logs.folder(temp), LogOptions.of(LogFormat.RAW));
        log.close();
        log.close();

        assertThatThrownBy(log::begin).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> log.raw(Output.STDOUT).descriptor()).isInstanceOf(ClosedChannelException.class);
    }
}
