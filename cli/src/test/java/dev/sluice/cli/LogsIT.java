// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice logs}, over logs that nobody writes, or that the test does. */
@Timeout(60)
class LogsIT {
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private LogFolder logs;

    @BeforeEach
    void makeLogs() throws IOException {
        logs = LogFolder.open(folder.resolve("logs"));
        write("abc1", "web", true, "container.log", line(0, "stdout", "zero") + line(1, "stderr", "one"));
        write("abc2", "db", false, "container.log", line(2, "stdout", "two") + line(3, "stdout", "three"));
        write("def", "raw one", false, "stdout.log", "a\nb\nc");
    }

    private static String line(int second, String stream, String text) {
        return "{\"log\":\"" + text + "\\n\",\"stream\":\"" + stream + "\",\"time\":\"" + STARTED.plusSeconds(second)
                + "\"}\n";
    }

    private void write(String id, String name, boolean live, String file, String content) throws IOException {
        ContainerFolder container = logs.container(id);
        LogFormat format = file.startsWith("std") ? LogFormat.RAW : LogFormat.JSON_FILE;
        ContainerDescription description =
                new ContainerDescription(id, name, "", STARTED, Driver.DOCKER, LogOptions.of(format));
        Instant ended = live ? null : STARTED;
        ContainerState state = new ContainerState(description, STARTED, ended, "", List.of(), 7, 70);
        container.replace(ContainerJson.FILE, ContainerJson.write(state).getBytes(StandardCharsets.UTF_8));
        Files.writeString(container.path().resolve(file), content);
    }

    private Sluice.Result logs(String arguments) throws Exception {
        return Sluice.shell(folder, "\"$S\" logs --dir logs " + arguments);
    }

    @Test
    void theyAreListed() throws Exception {
        assertThat(logs("ls").succeeded().out().lines())
                .containsExactly(
                        "ID    NAME     STATE  FORMAT     SIZE   DROPPED  STARTED",
                        "abc1  web      live   json-file  129 B  7        2026-01-01T00:00:00Z",
                        "abc2  db       ended  json-file  130 B  7        2026-01-01T00:00:00Z",
                        "def   raw one  ended  raw        5 B    7        2026-01-01T00:00:00Z");
        assertThat(Sluice.shell(folder, "\"$S\" logs ls --dir logs --json | head -1").out())
                .isEqualTo("{\"id\":\"abc1\",\"name\":\"web\",\"state\":\"live\",\"format\":\"json-file\","
                        + "\"bytes\":129,\"dropped\":7,\"started\":\"2026-01-01T00:00:00Z\"}\n");
    }

    @Test
    void eachOutputGoesWhereItCameFrom() throws Exception {
        Sluice.Result both = logs("cat web");
        assertThat(both.out()).isEqualTo("zero\n");
        assertThat(both.err()).isEqualTo("one\n");
        assertThat(logs("cat --stream stdout web").succeeded().out()).isEqualTo("zero\n");
        assertThat(logs("cat web 2>&1").succeeded().out()).isEqualTo("zero\none\n");
        assertThat(logs("cat -t --since 2026-01-01T00:00:03Z db").succeeded().out())
                .isEqualTo("2026-01-01T00:00:03.000000000Z three\n");
        assertThat(logs("tail -n 1 abc2").succeeded().out()).isEqualTo("three\n");
        assertThat(logs("tail -f db").succeeded().out()).isEqualTo("two\nthree\n");
        assertThat(logs("tail -n 2 d").succeeded().out()).isEqualTo("b\nc");
    }

    @Test
    void whatCannotBeIsToldInOneLine() throws Exception {
        logs("cat wbe").failed(1, "there is no log of a container 'wbe' in " + logs.path() + ": did you mean web?");
        logs("cat abc").failed(1, "'abc' may be any of 2 containers: abc1, abc2");
        logs("cat ../logs/def").failed(1, "there is no log of a container '../logs/def' in " + logs.path());
        logs("cat --since 1m def")
                .failed(
                        2,
                        "def is kept as raw, and so without times: neither since nor until can be told"
                                + " (see sluice logs cat --help)");
        logs("cat -t def").failed(2, "def is kept as raw, and so without times (see sluice logs cat --help)");
        Sluice.shell(folder, "\"$S\" logs --dir none ls").failed(1, "there is no log folder none");
    }

    @Test
    void rawBytesAreCopiedAsTheyAre() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(3).nextBytes(bytes);
        write("bytes", "bytes", false, "stdout.log", "");
        Files.write(folder.resolve("logs/bytes/stdout.log"), bytes);
        logs("cat bytes >out").succeeded();
        assertThat(Files.readAllBytes(folder.resolve("out"))).isEqualTo(bytes);
        logs("cat bytes | cat >piped").succeeded();
        assertThat(Files.readAllBytes(folder.resolve("piped"))).isEqualTo(bytes);
    }

    @Test
    void aBrokenPipeEndsItInSilence() throws Exception {
        write("long", "long", false, "container.log", line(0, "stdout", "x".repeat(1000)).repeat(5000));
        Sluice.Result broken = logs("cat long | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}");
        assertThat(broken.out()).isEqualTo("141\n");
        assertThat(broken.err()).isEmpty();
    }

    @Test
    void aFollowerEndsWithItsReaderHoweverQuietTheContainer() throws Exception {
        Sluice.Result left = logs("tail -f --stream stdout web | head -1; echo ${PIPESTATUS[0]}");
        assertThat(left.out()).isEqualTo("zero\n141\n");
        assertThat(left.err()).isEmpty();
    }

    @Test
    void aLiveContainerIsFollowedToItsEnd() throws Exception {
        Process process = Sluice.command("logs", "tail", "-f", "-n", "all", "--dir", logs.path().toString(), "web")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(reader.readLine()).isEqualTo("zero");
            assertThat(reader.readLine()).isEqualTo("one");
            Path file = logs.path().resolve("abc1/container.log");
            for (int i = 4; i < 20; i++) {
                Files.writeString(file, line(i, i % 2 == 0 ? "stdout" : "stderr", "n" + i), StandardOpenOption.APPEND);
                assertThat(reader.readLine()).isEqualTo("n" + i);
            }
            String all = Files.readString(file);
            write("abc1", "web", false, "container.log", all);
            assertThat(reader.readLine()).isNull();
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSignalEndsAFollower() throws Exception {
        for (String signal : List.of("INT 130", "TERM 143")) {
            String[] words = signal.split(" ");
            Process process = Sluice.command("logs", "tail", "-f", "--dir", logs.path().toString(), "web")
                    .start();
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(reader.readLine()).isEqualTo("zero");
                assertThat(new ProcessBuilder("kill", "-" + words[0], String.valueOf(process.pid())).start().waitFor())
                        .isZero();
                assertThat(process.waitFor()).isEqualTo(Integer.parseInt(words[1]));
                assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("one\n");
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
