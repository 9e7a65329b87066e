// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process that was killed during a batch has left, at each of its steps. */
class JournalTest {
    private static final byte[] BATCH = "one\ntwo\n".getBytes(UTF_8);

    @TempDir
    private Path temp;

    /** Leaves behind what a process has that dies in a state of a batch. */
    private static void die(ContainerFolder folder, long inode, long state, String written) throws IOException {
        die(folder, inode, state, written, BATCH);
    }

    private static void die(ContainerFolder folder, long inode, long state, String written, byte[] batch)
            throws IOException {
        try (Journal journal = Journal.open(folder)) {
            long length = Files.size(folder.file("stdout.log"));
            int slot = journal.slot(inode);
            long[] lengths = {length, Journal.UNTOUCHED};
            journal.begin(slot, inode, batch.length, Hash.of(batch, 0, batch.length), lengths);
            journal.setState(slot, state);
        }
        Files.writeString(folder.file("stdout.log"), written, StandardOpenOption.APPEND);
    }

    private static String rest(Pipe pipe) throws IOException {
        pipe.sink().close();
        return new String(pipe.source().inputStream().readAllBytes(), UTF_8);
    }

    private ContainerFolder written() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            Logs.append(log, Logs.line("zero"), Logs.entry(Output.STDERR, "other", true));
        }
        return folder;
    }

    private static void reopen(ContainerFolder folder, Pipe pipe) throws IOException {
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            assertThat(log.source(pipe.source())).isNotNull();
        }
    }

    @Test
    void aBatchThatWasBeingWrittenIsTakenBack() throws IOException {
        ContainerFolder folder = written();
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(ByteBuffer.wrap(BATCH));
            die(folder, Inodes.of(pipe.source()), Journal.WRITING, "one\ntw");
            Files.writeString(folder.file("stderr.log"), "spliced\n", StandardOpenOption.APPEND);
            reopen(folder, pipe);

            assertThat(folder.file("stdout.log")).hasContent("zero\n");
            assertThat(folder.file("stderr.log")).hasContent("other\nspliced\n");
            assertThat(rest(pipe)).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aBatchThatWasWrittenIsTakenOffItsSource() throws IOException {
        ContainerFolder folder = written();
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(ByteBuffer.wrap("one\ntwo\nthree\n".getBytes(UTF_8)));
            die(folder, Inodes.of(pipe.source()), Journal.WRITTEN, "one\ntwo\n");
            reopen(folder, pipe);
            reopen(folder, pipe);

            assertThat(folder.file("stdout.log")).hasContent("zero\none\ntwo\n");
            assertThat(rest(pipe)).isEqualTo("three\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5}) // 2100 bytes are a slot of the pipe each: more slots than a pipe has to look by
    void isTakenOffItsSourceHoweverItWasWritten(int pipefuls) throws IOException {
        byte[] batch = "x".repeat(2100 * 15 * pipefuls).getBytes(UTF_8);
        ContainerFolder folder = written();
        try (Pipe pipe = Pipe.open()) {
            pipe.source().setPipeCapacity(1 << 20);
            for (int at = 0; at < batch.length; at += 2100) {
                pipe.sink().write(ByteBuffer.wrap(batch, at, 2100));
            }
            die(folder, Inodes.of(pipe.source()), Journal.WRITTEN, "", batch);
            reopen(folder, pipe);

            assertThat(rest(pipe)).isEmpty();
        }
    }

    /** What lies between them is no part of them: a peek of a socket ends there, though FIONREAD counts on. */
    @Test
    void whatASocketDoesNotShowInOneIsNotWaitedFor() throws IOException {
        ContainerFolder folder = written();
        Connection.Pair pair = Connection.pair();
        try (Connection one = pair.one();
                Connection other = pair.other();
                Pipe passed = Pipe.open()) {
            one.send(ByteBuffer.wrap("one\n".getBytes(UTF_8)), List.of(passed.source()));
            one.write(ByteBuffer.wrap("two\n".getBytes(UTF_8)));
            die(folder, Inodes.of(other), Journal.WRITTEN, "one\ntwo\n");
            try (ContainerLog again = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
                assertThat(again.source(other)).isNotNull();
            }

            assertThat(other.inputStream().readNBytes(4)).isEqualTo("one\n".getBytes(UTF_8));
        }
    }

    @Test
    void aBatchThatWasTakenOffItsSourceIsLeftAlone() throws IOException {
        ContainerFolder folder = written();
        try (Pipe pipe = Pipe.open();
                Pipe empty = Pipe.open()) {
            pipe.sink().write(ByteBuffer.wrap("three\nfour\nfive\n".getBytes(UTF_8)));
            die(folder, Inodes.of(pipe.source()), Journal.WRITTEN, "one\ntwo\n");
            reopen(folder, pipe);
            die(folder, Inodes.of(empty.source()), Journal.WRITTEN, "");
            reopen(folder, empty);

            assertThat(folder.file("stdout.log")).hasContent("zero\none\ntwo\n");
            assertThat(rest(pipe)).isEqualTo("three\nfour\nfive\n");
        }
    }

    @Test
    void anotherSourceThatSaysTheSameLosesNothing() throws IOException {
        ContainerFolder folder = written();
        try (Pipe gone = Pipe.open();
                Pipe pipe = Pipe.open()) {
            pipe.sink().write(ByteBuffer.wrap(BATCH));
            die(folder, Inodes.of(gone.source()), Journal.WRITTEN, "one\ntwo\n");
            reopen(folder, pipe);

            assertThat(rest(pipe)).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void eachSourceIsRemembered() throws IOException {
        ContainerFolder folder = written();
        try (Pipe one = Pipe.open();
                Pipe other = Pipe.open()) {
            for (Pipe pipe : new Pipe[] {one, other}) {
                pipe.sink().write(ByteBuffer.wrap(BATCH));
                die(folder, Inodes.of(pipe.source()), Journal.WRITTEN, "one\ntwo\n");
            }
            reopen(folder, one);
            reopen(folder, other);

            assertThat(rest(one)).isEmpty();
            assertThat(rest(other)).isEmpty();
        }
    }

    @Test
    void afterAnotherBootAllIsKept() throws IOException {
        ContainerFolder folder = written();
        try (Pipe pipe = Pipe.open()) {
            pipe.sink().write(ByteBuffer.wrap(BATCH));
            die(folder, Inodes.of(pipe.source()), Journal.WRITING, "one\ntwo\n");
            byte[] journal = Files.readAllBytes(folder.file("journal"));
            journal[8]++; // the boot's hash
            Files.write(folder.file("journal"), journal);
            Journal.open(folder).close(); // and the next process is killed as soon as it has opened it
            reopen(folder, pipe);

            assertThat(folder.file("stdout.log")).hasContent("zero\none\ntwo\n");
            assertThat(rest(pipe)).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void aJournalThatIsTooShortIsBegunAnew() throws IOException {
        ContainerFolder folder = written();
        Files.write(folder.file("journal"), new byte[] {1, 2, 3});
        try (ContainerLog log = ContainerLog.open(folder, LogOptions.of(LogFormat.RAW))) {
            Logs.append(log, Logs.line("more"));
        }

        assertThat(folder.file("stdout.log")).hasContent("zero\nmore\n");
        assertThat(folder.file("journal")).hasSize(4096);
    }
}
