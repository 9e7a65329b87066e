// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Fifo;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice-containerd-logger}, started as containerd starts it; FIFOs stand in for its pipes. */
@Timeout(120)
class ContainerdLoggerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Fifo stdout;
    private Fifo stderr;
    private Fifo ready;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void openFifos() throws IOException {
        stdout = both("stdout");
        stderr = both("stderr");
        Fifo.create(folder.resolve("ready"));
        ready = Fifo.open(folder.resolve("ready"));
    }

    /** Open for both, so that the shell that opens the other end need not wait. */
    private Fifo both(String name) throws IOException {
        Fifo.create(folder.resolve(name));
        return Fifo.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        started.forEach(Process::destroyForcibly);
        stdout.close();
        stderr.close();
        ready.close();
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    /** With nothing in its environment but what containerd puts there, and nothing at its standard descriptors. */
    private Process start(String id, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                "-c",
                "cd \"$1\"; exec 3<stdout 4<stderr 5>ready </dev/null >/dev/null 2>/dev/null; shift; "
                        + "exec env -i --default-signal=TERM CONTAINER_NAMESPACE=ns \"$@\"",
                "sh",
                folder.toString(),
                "CONTAINER_ID=" + id,
                Sluice.containerdLogger().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).start();
        started.add(process);
        return process;
    }

    /** Waits for the byte and the end that containerd waits for; -1 if there is no byte. */
    private int awaitReady() throws IOException {
        ready.setReadDeadline(PATIENCE);
        ByteBuffer bytes = ByteBuffer.allocate(10);
        int count = ready.read(bytes);
        if (count > 0) {
            assertThat(ready.read(ByteBuffer.allocate(1))).as("after the byte").isEqualTo(-1);
        }
        return count;
    }

    private static int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String diary() throws IOException {
        return Files.readString(logs().resolve(".logger.log"));
    }

    @Test
    void itLogsToTheEnd() throws Exception {
        Process logger = start("web", "format", "cri", "dir", logs().toString(), "name", "the web");
        assertThat(awaitReady()).isEqualTo(1);
        KeptLog log = KeptLog.of(logs(), "web");
        ContainerState state = Objects.requireNonNull(log.state());
        assertThat(state.isLive()).isTrue();
        assertThat(state.description().name()).isEqualTo("the web");
        stdout.write(bytes("out\nno newline"));
        stderr.write(bytes("err\n"));
        stdout.close();
        stderr.close();

        assertThat(exit(logger)).isZero();
        assertThat(log.text(Output.STDOUT)).isEqualTo("out\nno newline");
        assertThat(log.text(Output.STDERR)).isEqualTo("err\n");
        assertThat(log.hasEnded()).isTrue();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** SIGTERM comes with the end, and the logger may be far behind. */
    @Test
    void onSigtermAllThatIsLeftIsLogged() throws Exception {
        byte[] numbers = numbers(1_000_000);
        Process logger = start("web", "dir", logs().toString(), "format", "json-file");
        assertThat(awaitReady()).isEqualTo(1);
        stdout.setPipeCapacity(1 << 20);
        Processes.signal(logger, "STOP");
        stdout.write(ByteBuffer.wrap(numbers));
        Processes.signal(logger, "TERM");
        stdout.close();
        stderr.close();
        Processes.signal(logger, "CONT");

        assertThat(exit(logger)).isEqualTo(143);
        assertThat(KeptLog.of(logs(), "web").bytes(Output.STDOUT)).isEqualTo(numbers);
        assertThat(KeptLog.of(logs(), "web").hasEnded()).isTrue();
    }

    @Test
    void onSigtermItStaysUntilTheEndComes() throws Exception {
        Process logger = start("web", "dir", logs().toString(), "format", "raw");
        assertThat(awaitReady()).isEqualTo(1);
        logger.destroy();
        assertThat(logger.waitFor(1, TimeUnit.SECONDS)).isFalse();
        stdout.write(bytes("last words"));
        stdout.close();
        stderr.close();

        assertThat(exit(logger)).isEqualTo(143);
        assertThat(KeptLog.of(logs(), "web").text(Output.STDOUT)).isEqualTo("last words");
    }

    private static byte[] numbers(int atMost) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; lines.length() < atMost; i++) {
            lines.append(i).append('\n');
        }
        return lines.substring(0, atMost).getBytes(US_ASCII);
    }

    @Test
    void whatIsWrongIsSaidAndNoByteIsWritten() throws Exception {
        Process logger = start("web", "dir", logs().toString(), "max-size", "huge");

        assertThat(awaitReady()).isEqualTo(-1);
        assertThat(exit(logger)).isEqualTo(2);
        assertThat(diary()).endsWith(" ns/web: max-size: 'huge' is no size, as in 4096, 10m or 10mb\n");
    }

    @Test
    void anIdThatIsNoFoldersNameIsRefused() throws Exception {
        Process logger = start("../web", "dir", logs().toString());

        assertThat(awaitReady()).isEqualTo(-1);
        assertThat(exit(logger)).isEqualTo(2);
        assertThat(diary()).contains("a container cannot be called '../web'");
        assertThat(folder.resolve("web")).doesNotExist();
    }

    @Test
    void aLinkInThePlaceOfTheContainersFolderIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createDirectory(logs());
        Files.createSymbolicLink(logs().resolve("web"), elsewhere);
        Process logger = start("web", "dir", logs().toString());

        assertThat(awaitReady()).isEqualTo(-1);
        assertThat(exit(logger)).isEqualTo(1);
        assertThat(diary()).contains("is a link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void itHasNoDescriptorOfContainerdsButThePipesThatItReads() throws Exception {
        Process logger = start("web", "dir", logs().toString());
        assertThat(awaitReady()).isEqualTo(1);

        List<String> fifos = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(logger.pid()), "fd"))) {
            for (Path each : open.toList()) {
                String target = Files.readSymbolicLink(each).toString();
                if (target.startsWith(folder + "/") && !target.startsWith(logs() + "/")) {
                    fifos.add(target);
                }
            }
        }
        assertThat(fifos)
                .containsExactlyInAnyOrder(
                        folder.resolve("stdout").toString(), folder.resolve("stderr").toString());
    }

    @Test
    void whereNobodyHasPutPipesItSaysSo() throws Exception {
        Sluice.Result result = Sluice.Result.of(
                Sluice.script(folder, "CONTAINER_ID=web \"$S\" containerd-logger dir \"$PWD/logs\"").start());

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("fd 3: no pipe is open there: containerd starts this program");
        assertThat(Sluice.run("containerd-logger", "dir", logs().toString()).err()).contains("there is no CONTAINER_ID");
    }

    @Test
    void helpListsTheKeys() throws Exception {
        Sluice.Result result = Sluice.run("containerd-logger", "--help");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("dir ", "format ", "max-size ", "max-file ", "compress ", "name ", "daemon ");
    }
}
