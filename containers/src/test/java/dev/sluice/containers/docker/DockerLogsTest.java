// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Command;
import dev.sluice.testing.Dockerd;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a real Docker, whose output goes through our driver, and what {@code docker logs} says of them. */
class DockerLogsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Dockerd dockerd;
    private static RunningDriver driver;

    @BeforeAll
    static void start() throws Exception {
        dockerd = Dockerd.start();
        driver = RunningDriver.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (dockerd != null) {
            dockerd.close();
        }
        if (driver != null) {
            driver.close();
        }
    }

    private static List<String> options(String... more) {
        return Stream.concat(driver.options().stream(), Stream.of(more)).toList();
    }

    private static String run(List<String> options, String script) {
        return dockerd.run(options, "sh", "-c", script);
    }

    private static Path log(String id, String file) {
        return folder.resolve("logs").resolve(id).resolve(file);
    }

    private static String numbers(String before, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> before + i + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void bothOutputsWholeAndInOrder() throws Exception {
        String id = run(options(), "i=1; while [ $i -le 3000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done");
        Command.Outcome logs = dockerd.logs(id);
        assertThat(logs.text()).isEqualTo(numbers("out ", 1, 3000));
        assertThat(logs.errorText()).isEqualTo(numbers("err ", 1, 3000));
        List<String> lines = Files.readAllLines(log(id, "container.log"));
        assertThat(lines).hasSize(6000).allMatch(line -> line.startsWith("{\"log\":\""));
        // Whoever looks again finds the same.
        assertThat(dockerd.logs(id).text()).isEqualTo(logs.text());
        assertThat(Files.readAllLines(log(id, "container.log"))).isEqualTo(lines);
    }

    @Test
    void linesAroundSixteenKibibytesAndNoNewlineAtTheEnd() {
        List<Integer> lengths = List.of(16383, 16384, 16385, 32767, 32768, 32769, 40004, 1);
        String script = lengths.stream()
                .map(length -> "head -c " + length + " /dev/zero | tr '\\0' x; echo")
                .collect(Collectors.joining("; "));
        String id = run(options(), script + "; echo; printf end");
        assertThat(dockerd.logs(id).text())
                .isEqualTo(lengths.stream().map(length -> "x".repeat(length) + "\n").collect(Collectors.joining())
                        + "\nend");
    }

    @Test
    void everyByteInARawLog() throws Exception {
        String octal = IntStream.range(0, 256)
                .mapToObj(i -> String.format("\\%03o", i))
                .collect(Collectors.joining());
        byte[] all = IntStream.range(0, 256)
                .mapToObj(i -> String.valueOf((char) i))
                .collect(Collectors.joining())
                .getBytes(ISO_8859_1);
        String id = run(options("--log-opt", "format=raw"), "printf '" + octal + "'; echo two >&2");
        assertThat(Files.readAllBytes(log(id, "stdout.log"))).isEqualTo(all);
        assertThat(Files.readString(log(id, "stderr.log"))).isEqualTo("two\n");
        Command.Outcome logs = dockerd.logs(id);
        assertThat(logs.out()).isEqualTo(all);
        assertThat(logs.errorText()).isEqualTo("two\n");
        Command.Outcome since = dockerd.logs(id, "--since", "1h");
        assertThat(since.text() + since.errorText()).contains("is kept as raw");
    }

    @Test
    void tailSinceUntilAndTimestamps() {
        String id = run(options("--log-opt", "format=cri"), "seq 1 50; sleep 2; seq 51 100");
        assertThat(dockerd.logs(id, "--tail", "3").text()).isEqualTo("98\n99\n100\n");
        assertThat(dockerd.logs(id, "--tail", "0").text()).isEmpty();
        List<String> timed = dockerd.logs(id, "--timestamps").text().lines().toList();
        assertThat(timed).hasSize(100).allMatch(line -> line.matches("20\\d\\d-\\d\\d-\\d\\dT[\\d:.]+Z \\d+"));
        String from = timed.get(50).substring(0, timed.get(50).indexOf(' '));
        assertThat(dockerd.logs(id, "--since", from).text()).isEqualTo(numbers("", 51, 100));
        String to = timed.get(49).substring(0, timed.get(49).indexOf(' '));
        assertThat(dockerd.logs(id, "--until", to).text()).isEqualTo(numbers("", 1, 50));
    }

    @Test
    void whoFollowsMissesNothingInRotationsAndEndsWithTheContainer() throws Exception {
        String id = dockerd.start(
                options("--log-opt", "max-size=100k", "--log-opt", "max-file=5", "--log-opt", "compress=true"),
                "sh",
                "-c",
                "i=1; while [ $i -le 9000 ]; do echo line $i; [ $((i%100)) = 0 ] && usleep 20000; i=$((i+1)); done");
        Running<Command.Outcome> follower = OnThread.PLATFORM.call(() -> dockerd.client("logs", "--follow", id)
                .outcome(LONG));
        Running<Command.Outcome> late = OnThread.PLATFORM.call(
                () -> dockerd.client("logs", "--follow", "--since", "1h", "--tail", "1", id).outcome(LONG));
        assertThat(dockerd.awaitExit(id)).isZero();
        assertThat(follower.get().text()).isEqualTo(numbers("line ", 1, 9000));
        String rest = late.get().text();
        int first = Integer.parseInt(rest.lines().findFirst().orElseThrow().substring(5));
        assertThat(rest).isEqualTo(numbers("line ", first, 9000));
        try (Stream<Path> files = Files.list(log(id, "."))) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("container.log", "container.log.1");
        }
    }

    @Test
    void thirtyContainersAtOnce() throws Exception {
        List<Running<String>> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String name = "many" + i;
            all.add(OnThread.PLATFORM.call(() -> dockerd.start(
                    options("--name", name), "sh", "-c", "for i in $(seq 200); do echo " + name + " $i; done")));
        }
        for (int i = 0; i < 30; i++) {
            String id = all.get(i).get();
            dockerd.awaitExit(id);
            assertThat(dockerd.logs(id).text()).isEqualTo(numbers("many" + i + " ", 1, 200));
        }
    }

    @Test
    void whatIsExecutedInAContainerIsNotItsOutput() {
        String id = dockerd.start(options(), "sh", "-c", "echo own; sleep 1000");
        assertThat(dockerd.docker("exec", id, "echo", "other")).isEqualTo("other\n");
        Awaitility.await().until(() -> !dockerd.logs(id).text().isEmpty());
        dockerd.docker("kill", id);
        assertThat(dockerd.logs(id).text()).isEqualTo("own\n");
    }

    @Test
    void whatIsKeptBesideEachLine() throws Exception {
        String id = run(
                options(
                        "--name", "kept", "--label", "role=front", "--label", "x=y", "--env", "STAGE=test",
                        "--log-opt", "labels=role", "--log-opt", "env=STAGE,NONE",
                        "--log-opt", "tag={{.ImageName}}/{{.Name}}/{{.ID}}"),
                "echo hello");
        assertThat(Files.readString(log(id, "container.log")))
                .startsWith("{\"log\":\"hello\\n\",\"stream\":\"stdout\",")
                .contains("\"role\":\"front\"", "\"STAGE\":\"test\"")
                .contains("\"tag\":\"" + Dockerd.IMAGE + "/kept/" + id.substring(0, 12) + "\"")
                .doesNotContain("\"x\"", "NONE");
        assertThat(Files.readString(log(id, "container.json"))).contains("\"name\":\"kept\"", "\"state\":\"ended\"");
    }

    @Test
    void anOptionThatIsWrongKeepsAContainerFromStarting() {
        Command.Outcome outcome = dockerd.client(
                        "run", "--network=none", "--log-driver", driver.name(), "--log-opt", "max-fil=3",
                        Dockerd.IMAGE, "true")
                .outcome(LONG);
        assertThat(outcome.exit()).isEqualTo(125);
        assertThat(outcome.errorText()).contains("unknown log opt 'max-fil': there are compress,");
    }

    @Test
    void aContainerThatIsStartedAgainGoesOnWithItsLog() {
        String id = run(options(), "echo hello");
        dockerd.docker("start", id);
        dockerd.awaitExit(id);
        assertThat(dockerd.logs(id).text()).isEqualTo("hello\nhello\n");
    }

    @Test
    void aDriverThatStallsHoldsTheContainerBackOrCostsLinesAsTheUserSays() {
        // They begin when there is a file that they can see: when the driver has been stopped.
        String script = "while [ ! -e /go ]; do usleep 10000; done; seq 1 300000; touch /done; sleep 1000";
        String waits = dockerd.start(options("--log-opt", "mode=blocking"), "sh", "-c", script);
        String drops = dockerd.start(
                options("--log-opt", "mode=non-blocking", "--log-opt", "max-buffer-size=100k"), "sh", "-c", script);
        driver.signal("STOP");
        try {
            dockerd.docker("exec", waits, "sh", "-c", "touch /go");
            dockerd.docker("exec", drops, "sh", "-c", "touch /go");
            Awaitility.await().atMost(LONG).until(() -> isDone(drops));
            assertThat(isDone(waits)).isFalse();
        } finally {
            driver.signal("CONT");
        }
        Awaitility.await().atMost(LONG).until(() -> isDone(waits));
        dockerd.docker("kill", waits, drops);
        dockerd.awaitExit(waits);
        assertThat(dockerd.logs(waits).text()).isEqualTo(numbers("", 1, 300_000));
        List<Integer> left =
                dockerd.logs(drops).text().lines().map(Integer::valueOf).toList();
        assertThat(left).isSorted().doesNotHaveDuplicates().hasSizeBetween(1, 299_999);
    }

    private static boolean isDone(String id) {
        return dockerd.client("exec", id, "sh", "-c", "test -e /done").outcome(LONG).exit() == 0;
    }
}
