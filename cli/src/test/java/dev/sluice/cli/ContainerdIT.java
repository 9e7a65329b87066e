// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Fifo;
import dev.sluice.containers.containerd.FifoSet;
import dev.sluice.containers.containerd.StandardStream;
import dev.sluice.containers.daemon.Daemon;
import dev.sluice.containers.daemon.DaemonSettings;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.Command;
import dev.sluice.testing.Containerd;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers of a real containerd, logged by the real command. */
@ExtendWith(NothingLeft.class)
@Timeout(300)
class ContainerdIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Containerd containerd;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        containerd = Containerd.start();
    }

    @AfterAll
    static void stop() {
        if (containerd != null) {
            containerd.close();
        }
    }

    private Path logs() {
        return folder.resolve("logs");
    }

    /** With the log folder among the pairs. */
    private String uri(String... pairs) {
        return "binary://" + Sluice.containerdLogger() + "?dir=" + logs()
                + Arrays.stream(pairs).map(pair -> "&" + pair).collect(Collectors.joining());
    }

    /** Runs a container to its end; with its task its logger is gone. */
    private KeptLog logOf(String id, String uri, String script) {
        containerd.start(id, uri, "sh", "-c", script);
        containerd.awaitExit(id);
        containerd.delete(id);
        return KeptLog.of(logs(), id);
    }

    private static String numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "cri", "json-file"})
    void bothOutputsAreWholeAndInOrder(String format) throws Exception {
        KeptLog log = logOf(
                "whole-" + format,
                uri("format=" + format),
                "seq 1 20000 & seq 20001 40000 >&2; wait; printf 'the end'; printf 'no newline' >&2");

        assertThat(log.text(Output.STDOUT)).isEqualTo(numbers(1, 20_000) + "the end");
        assertThat(log.text(Output.STDERR)).isEqualTo(numbers(20_001, 40_000) + "no newline");
        assertThat(log.hasEnded()).isTrue();
        assertThat(logs().resolve(".logger.log")).doesNotExist();
    }

    @Test
    void rawKeepsEveryByte() throws Exception {
        Path bytes = Files.write(folder.resolve("bytes"), everyByte());
        List<String> options = List.of(
                "--detach",
                "--log-uri",
                uri("format=raw"),
                "--mount",
                "type=bind,src=" + folder + ",dst=/bytes,options=rbind:ro");
        containerd.run("bytes", options, "cat", "/bytes/bytes").run();
        containerd.awaitExit("bytes");
        containerd.delete("bytes");

        assertThat(KeptLog.of(logs(), "bytes").bytes(Output.STDOUT)).isEqualTo(Files.readAllBytes(bytes));
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[70_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + i / 256);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cri", "json-file"})
    void longLinesAreWhole(String format) throws Exception {
        String x = "head -c %d /dev/zero | tr '\\0' x; ";
        String script = Stream.of(16_383, 16_384, 16_385, 100_000)
                .map(size -> x.formatted(size) + "echo; ")
                .collect(Collectors.joining());

        KeptLog log = logOf("long-" + format, uri("format=" + format), script);

        assertThat(log.text(Output.STDOUT).lines().map(String::length)).containsExactly(16_383, 16_384, 16_385, 100_000);
    }

    @Test
    void twoHundredMegabytesAreWhole() throws Exception {
        large("large", 200_000_000);
    }

    @Test
    @Tag("long")
    void aGigabyteIsWhole() throws Exception {
        large("larger", 1_000_000_000);
    }

    private void large(String id, long size) throws IOException {
        logOf(id, uri("format=raw"), "seq 1 1000000000 | head -c " + size);

        Path file = logs().resolve(id).resolve("stdout.log");
        assertThat(file).hasSize(size);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            long left = size;
            for (long number = 1; left > 0; number++) {
                byte[] line = (number + "\n").getBytes(UTF_8);
                int length = (int) Math.min(left, line.length);
                if (!Arrays.equals(in.readNBytes(length), 0, length, line, 0, length)) {
                    throw new AssertionError("not as it was written, " + left + " bytes before the end");
                }
                left -= length;
            }
        }
    }

    @Test
    void rotatedFilesAreAllOfIt() throws Exception {
        KeptLog log = logOf("rotated", uri("max-size=100k", "max-file=1000", "compress=true"), "seq 1 20000");

        assertThat(log.text(Output.STDOUT)).isEqualTo(numbers(1, 20_000));
        assertThat(logs().resolve("rotated")).isDirectoryContaining("glob:**/container.log.[1-9]*");
    }

    @Test
    void anExecHasALoggerOfItsOwn() throws Exception {
        containerd.start("host", uri("format=cri"), "sleep", "1000");
        containerd.ctr("task", "exec", "--exec-id", "guest", "--log-uri", uri("format=raw"), "host", "echo", "inside");
        containerd.delete("host");

        assertThat(KeptLog.of(logs(), "guest").text(Output.STDOUT)).isEqualTo("inside\n");
        assertThat(KeptLog.of(logs(), "host").text(Output.STDOUT)).isEmpty();
    }

    @Test
    void thirtyAtOnce() throws Exception {
        List<Future<KeptLog>> containers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(30)) {
            for (int i = 0; i < 30; i++) {
                String id = "one-of-30-" + i;
                String script = "seq 1 1000; echo " + i;
                containers.add(threads.submit(() -> logOf(id, uri("format=cri"), script)));
            }
        }
        for (int i = 0; i < containers.size(); i++) {
            assertThat(containers.get(i).resultNow().text(Output.STDOUT)).isEqualTo(numbers(1, 1000) + i + "\n");
        }
    }

    /** What is wrong is said in the log folder: there is no other place. Nobody waits for a logger that cannot log. */
    @Test
    void wrongArgumentsHoldNobodyUp() throws Exception {
        containerd.run("wrong", List.of("--detach", "--log-uri", uri("max-files=5")), "true").outcome(PATIENCE);
        containerd.delete("wrong");

        assertThat(Files.readString(logs().resolve(".logger.log")))
                .contains(containerd.namespace() + "/wrong: there is no option 'max-files'")
                .hasLineCount(1);
        assertThat(logs().resolve("wrong")).doesNotExist();
    }

    @Test
    void aLogFolderThatCannotBeMadeHoldsNobodyUp() throws Exception {
        Files.writeString(logs(), "a file, in the place of the folder");
        Command.Outcome outcome =
                containerd.run("nowhere", List.of("--detach", "--log-uri", uri()), "true").outcome(PATIENCE);
        containerd.delete("nowhere");

        assertThat(outcome.exit()).as(outcome.errorText()).isBetween(0, 1);
    }

    /** The container is told by its writes, and is not held up. */
    @Test
    void aLoggerThatIsKilledTakesNobodyWithIt() throws Exception {
        containerd.start("orphan", uri("format=raw"), "sh", "-c", "trap '' PIPE; echo one; sleep 1; echo two; exit 7");
        Path log = logs().resolve("orphan/stdout.log");
        await().atMost(PATIENCE).until(() -> Files.exists(log) && Files.size(log) > 0);
        loggers("orphan").forEach(ProcessHandle::destroyForcibly);

        containerd.awaitExit("orphan");
        containerd.delete("orphan");
        assertThat(log).hasContent("one\n");
    }

    private static List<ProcessHandle> loggers(String id) {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process).contains("CONTAINER_ID=" + id + "\0"))
                .filter(process -> process.info().commandLine().orElse("").contains("containerd-logger"))
                .toList();
    }

    private static String environment(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void aDaemonLogsAndNoLoggerStays() throws Exception {
        Path control = folder.resolve("control");
        CountDownLatch serves = new CountDownLatch(1);
        Daemon daemon = new Daemon(new DaemonSettings(logs(), control, false, Map.of()));
        Running<Daemon.End> running = OnThread.PLATFORM.call(() -> daemon.run(serves::countDown));
        serves.await();

        containerd.start("handed", uri("daemon=" + control, "format=cri"), "sh", "-c", "seq 1 5000; sleep 2; echo last");
        assertThat(loggers("handed")).isEmpty();
        containerd.awaitExit("handed");
        containerd.delete("handed");
        KeptLog log = KeptLog.of(logs(), "handed");
        await().atMost(PATIENCE).until(log::hasEnded);
        running.interrupt();

        assertThat(running.get()).isEqualTo(Daemon.End.STOPPED);
        assertThat(log.text(Output.STDOUT)).isEqualTo(numbers(1, 5000) + "last\n");
    }

    @Test
    void withoutTheDaemonTheLoggerLogsByItself() throws Exception {
        KeptLog log = logOf("fallback", uri("daemon=" + folder.resolve("nobody")), "echo nevertheless");

        assertThat(log.text(Output.STDOUT)).isEqualTo("nevertheless\n");
        assertThat(Files.readString(logs().resolve(".logger.log"))).contains("so this process does");
    }

    @Test
    void theFifosThatContainerdMakesAreReadAndLeft() throws Exception {
        Path fifos = Files.createDirectory(folder.resolve("fifos"));
        // The client reads too, for as long as it is there.
        String script = "while sleep 0.1; do echo out; echo err >&2; done";
        containerd
                .run("fifos", List.of("--detach", "--fifo-dir", fifos.toString()), "sh", "-c", script)
                .run();
        for (int attached = 0; attached < 2; attached++) {
            try (FifoSet set = FifoSet.existing(onlyFolderIn(fifos), "fifos")) {
                assertThat(set.streams()).containsExactlyInAnyOrder(StandardStream.values());
                assertThat(line(set.openOutput(StandardStream.STDOUT))).isEqualTo("out");
                assertThat(line(set.openOutput(StandardStream.STDERR))).isEqualTo("err");
            }
            assertThat(containerd.ctr("task", "ls")).as("a detach is no end").containsPattern("fifos +\\d+ +RUNNING");
        }
        containerd.delete("fifos");
    }

    /** The client wants a terminal of its own for that. */
    @Test
    @NeedsTool("script")
    void aTerminalHasNoFifoForErrors() throws Exception {
        Path fifos = Files.createDirectory(folder.resolve("fifos"));
        List<String> options = List.of("--detach", "--tty", "--fifo-dir", fifos.toString());
        List<String> client = containerd.run("terminal", options, "seq", "1", "1000000000").builder().command();
        Command.Outcome outcome = Command.of("script", "-qec", String.join(" ", client), "/dev/null").outcome(PATIENCE);
        assertThat(outcome.exit()).as(outcome.text()).isZero();
        try (FifoSet set = FifoSet.existing(onlyFolderIn(fifos), "terminal")) {
            assertThat(set.streams()).contains(StandardStream.STDOUT).doesNotContain(StandardStream.STDERR);
            assertThat(set.openOutput(StandardStream.STDOUT).inputStream().read()).isBetween((int) '\n', (int) '9');
        }
        containerd.delete("terminal");
    }

    @Test
    void mergedOutputGoesThroughAFifoThatWeMake() throws Exception {
        FifoSet merged = FifoSet.merged(folder.resolve("both"));
        try (Fifo output = merged.openOutput(StandardStream.STDOUT)) {
            containerd.start("merged", merged.path(StandardStream.STDOUT).toString(), "sh", "-c", "echo out; echo err >&2");
            byte[] all = output.inputStream().readNBytes("out\nerr\n".length());
            assertThat(new String(all, UTF_8).lines()).containsExactlyInAnyOrder("out", "err");
            containerd.awaitExit("merged");
            containerd.delete("merged");
        }
        merged.remove();
    }

    private static Path onlyFolderIn(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
        }
    }

    private static String line(Fifo from) throws IOException {
        from.setReadDeadline(PATIENCE);
        StringBuilder line = new StringBuilder();
        InputStream in = from.inputStream();
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Test
    void twoOfOneIdEachHaveALog() throws Exception {
        Map<String, String> texts = new HashMap<>();
        containerd.start("same", uri("format=raw"), "sh", "-c", "echo first; sleep 1000");
        containerd.ctr(
                "task", "exec", "--exec-id", "same", "--log-uri", uri("format=raw"), "same", "echo", "second");
        containerd.delete("same");
        for (String id : List.of("same", "same.2")) {
            texts.put(id, KeptLog.of(logs(), id).text(Output.STDOUT));
        }

        assertThat(texts).isEqualTo(Map.of("same", "first\n", "same.2", "second\n"));
        assertThat(LogFolder.existing(logs()).containers()).hasSize(2);
        assertThat(Files.readString(logs().resolve(".logger.log"))).contains("the log of this one is same.2");
    }
}
