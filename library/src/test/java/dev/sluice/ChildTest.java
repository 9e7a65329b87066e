// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.OpenFiles;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Child processes: their streams, their end, and what becomes of descriptors on the way. */
@ExtendWith(NothingLeft.class)
class ChildTest {
    private static final int O_NONBLOCK = 0x800;

    @TempDir
    Path folder;

    private static ProcessBuilder shell(String script) {
        return new ProcessBuilder("sh", "-c", script);
    }

    private static String all(Descriptor from) throws IOException {
        return new String(Bytes.readAll(from), US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void readsItsInputToTheEndAndAnswers(OnThread kind) throws Exception {
        try (Child child = Child.start(shell("wc -c; echo done >&2"))) {
            Bytes.write(child.stdin(), "twelve bytes");
            child.stdin().close();
            assertThat(kind.call(() -> all(child.stdout())).get().strip()).isEqualTo("12");
            assertThat(kind.call(() -> all(child.stderr())).get()).isEqualTo("done\n");
            assertThat(child.waitFor()).isZero();
        }
    }

    /** The JDK itself drops what comes after the child's own exit. */
    @ParameterizedTest
    @EnumSource
    void itsOutputEndsWithTheLastWordOfItsGrandchildren(OnThread kind) throws Exception {
        Path fifo = folder.resolve("go on");
        Fifo.create(fifo);
        try (Child child = Child.start(shell("(read line < '" + fifo + "'; echo late; echo too >&2) & echo early"));
                Pipe to = Pipe.open()) {
            assertThat(child.waitFor()).isZero();
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(child.stdout()).to(to.sink()).run());
            assertThat(Bytes.read(to.source())).isEqualTo("early\n");
            copy.awaitWaiting();
            Fifo.connect(fifo, StandardOpenOption.WRITE).close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(Bytes.read(to.source())).isEqualTo("late\n");
            assertThat(all(child.stderr())).isEqualTo("too\n");
        }
    }

    @Test
    void exitsWithItsStatusOrTheSignalThatEndedIt() throws Exception {
        try (Child three = Child.start(shell("exit 3"));
                Child killed = Child.start(shell("kill -9 $$"))) {
            assertThat(three.waitFor()).isEqualTo(3);
            assertThat(killed.waitFor()).isEqualTo(128 + 9);
            assertThat(all(killed.stdout())).isEmpty();
        }
    }

    /** Whatever the JVM does with SIGPIPE: a child that writes to nobody ends, instead of writing for ever. */
    @Test
    void isEndedByTheSignalOfAClosedPipe() throws Exception {
        try (Child yes = Child.start(new ProcessBuilder("yes"))) {
            assertThat(Bytes.read(yes.stdout())).startsWith("y\ny\n");
            yes.stdout().close();
            assertThat(yes.waitFor()).isEqualTo(128 + 13);
        }
    }

    @Test
    void whatIsRedirectedElsewhereIsNoDescriptor() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from a file");
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("cat")
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(Redirect.DISCARD);
        try (Child child = Child.start(builder)) {
            assertThat(child.waitFor()).isZero();
            assertThat(out).hasContent("from a file");
            assertThatIllegalStateException().isThrownBy(child::stdin).withMessageContaining("input");
            assertThatIllegalStateException().isThrownBy(child::stdout).withMessageContaining("output");
            assertThatIllegalStateException().isThrownBy(child::stderr).withMessageContaining("error");
        }
    }

    @Test
    void itsErrorsCanGoIntoItsOutput() throws Exception {
        try (Child child = Child.start(shell("echo one; echo two >&2").redirectErrorStream(true))) {
            assertThat(all(child.stdout())).isEqualTo("one\ntwo\n");
            assertThatIllegalStateException().isThrownBy(child::stderr);
        }
    }

    @Test
    void theBuilderIsLeftAsItWasAndStartsOneAfterTheOther() throws Exception {
        ProcessBuilder builder = shell("echo again");
        for (int i = 0; i < 3; i++) {
            try (Child child = Child.start(builder)) {
                assertThat(all(child.stdout())).isEqualTo("again\n");
            }
        }
        assertThat(builder.redirectInput()).isEqualTo(Redirect.PIPE);
        assertThat(builder.redirectOutput()).isEqualTo(Redirect.PIPE);
        assertThat(builder.redirectError()).isEqualTo(Redirect.PIPE);
    }

    /** It is a program like any other, and must not get EAGAIN where it does not expect it. */
    @Test
    void itsStreamsBlock() throws Exception {
        try (Child cat = Child.start(new ProcessBuilder("cat"))) {
            for (int number = 0; number <= 2; number++) {
                String process = String.valueOf(cat.process().pid());
                assertThat(Numbers.flags(process, number) & O_NONBLOCK).isZero();
            }
        }
    }

    @Test
    void theParentKeepsItsOwnEndsAndNoOther() throws Exception {
        List<String> before = OpenFiles.now();
        try (Child cat = Child.start(new ProcessBuilder("cat"))) {
            assertThat(OpenFiles.now()).hasSize(before.size() + 3);
            cat.stdin().close();
            assertThat(all(cat.stdout())).isEmpty();
        }
        assertThat(OpenFiles.now()).hasSameSizeAs(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"command", "folder"})
    void aFailedStartLeavesNothing(String missing) throws Exception {
        ProcessBuilder builder =
                missing.equals("command") ? new ProcessBuilder("/no/such/command") : new ProcessBuilder("true");
        if (missing.equals("folder")) {
            builder.directory(folder.resolve("missing").toFile());
        }
        List<String> before = OpenFiles.now();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> Child.start(builder))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No such file or directory");
        }
        assertThat(OpenFiles.now()).hasSameSizeAs(before);
        assertThat(builder.redirectOutput()).isEqualTo(Redirect.PIPE);
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsReadersAndLeavesTheProcessAlone(OnThread kind) throws Exception {
        Child cat = Child.start(new ProcessBuilder("cat"));
        Running<byte[]> reader = kind.call(() -> Bytes.readAll(cat.stdout())).awaitWaiting();
        cat.stdout().close();
        assertThat(reader.failure()).isInstanceOf(AsynchronousCloseException.class);
        cat.close();
        assertThat(cat.waitFor()).as("it got the end of its input").isZero();
    }
}
