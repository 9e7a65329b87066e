// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Dockerd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Docker whose log driver is killed, or replaced, while a container writes: {@code docker logs} is whole. */
class DockerRestartTest {
    private static final int LINES = 12_000;

    /** Some five seconds. */
    private static final String SCRIPT = "i=1; while [ $i -le " + LINES + " ]; do echo line $i;"
            + " [ $((i % 200)) = 0 ] && sleep 0.08; i=$((i+1)); done";

    @TempDir
    private Path folder;

    private final String name = "sluicerestart" + ProcessHandle.current().pid();
    private final Path socket = Dockerd.PLUGINS.resolve(name + ".sock");
    private Dockerd dockerd;
    private FakeManager manager;
    private RunningDaemon driver;

    @BeforeEach
    void start() throws IOException {
        dockerd = Dockerd.start();
        Files.createDirectories(Dockerd.PLUGINS);
        manager = new FakeManager(folder.resolve("notify"));
        driver = launch();
    }

    @AfterEach
    void stop() throws Exception {
        dockerd.close();
        driver.close();
        manager.close();
        Files.deleteIfExists(socket);
    }

    private RunningDaemon launch(String... options) throws IOException {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--docker=" + socket;
        return manager.start(folder.resolve("logs"), folder.resolve("control"), all).awaitReady();
    }

    private static String all() {
        return IntStream.rangeClosed(1, LINES).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    private String startContainer() {
        return dockerd.start(List.of("--log-driver", name), "sh", "-c", SCRIPT);
    }

    /** In the middle of it. */
    private void awaitMore(String id) {
        File log = folder.resolve("logs").resolve(id).resolve("container.log").toFile();
        long before = log.length();
        Awaitility.await().until(() -> log.length() > before);
    }

    @Test
    void killedAndStartedAgainWithTheManagersStore() throws Exception {
        String id = startContainer();
        for (int i = 0; i < 3; i++) {
            awaitMore(id);
            driver.kill();
            driver.close();
            driver = launch();
        }
        assertThat(dockerd.awaitExit(id)).isZero();
        assertThat(dockerd.logs(id).text()).isEqualTo(all());
    }

    @Test
    void takenOverAgainAndAgain() throws Exception {
        String id = startContainer();
        for (int i = 0; i < 3; i++) {
            awaitMore(id);
            RunningDaemon next = launch("--take-over");
            assertThat(driver.exit()).isZero();
            driver.close();
            driver = next;
        }
        assertThat(dockerd.awaitExit(id)).isZero();
        assertThat(dockerd.logs(id).text()).isEqualTo(all());
        // Another container finds the driver as it was.
        String another = dockerd.run(List.of("--log-driver", name), "echo", "hello");
        assertThat(dockerd.logs(another).text()).isEqualTo("hello\n");
    }
}
