// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.MessageSocket;
import dev.sluice.Pipe;
import dev.sluice.ReceivedMessage;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.NothingLeft;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class TakeOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONTAINERS = 5;

    @TempDir
    private Path folder;

    private Path logs;
    private Path control;

    private RunningDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        logs = folder.resolve("logs");
        control = folder.resolve("control.sock");
        daemon = RunningDaemon.start(logs, control);
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    @Test
    void tenProcessesOneAfterTheOtherReadWholeFlows() throws Exception {
        List<Numbered> flows = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            flows.add(log("c" + i));
        }
        for (int i = 0; i < 10; i++) {
            RunningDaemon next = RunningDaemon.start(logs, control, "--take-over");

            assertThat(daemon.exit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("HANDED_OVER");
            daemon.close();
            daemon = next;
            assertThat(ControlClient.list(control, PATIENCE)).hasSize(CONTAINERS);
        }
        for (int i = 0; i < CONTAINERS; i++) {
            long lines = flows.get(i).end();
            awaitEnded("c" + i);
            Numbered.assertWhole(logs.resolve("c" + i).resolve("stdout.log"), lines);
        }
        assertThat(daemon.terminate().exit()).as(daemon.output()).isZero();
        assertThat(control).doesNotExist();
    }

    @Test
    void aProcessThatDiesBeforeItHasTakenOverLeavesTheOldOneAtWork() throws Exception {
        Numbered flow = log("c");
        try (MessageSocket successor =
                ControlClient.ask(control, ControlSocket.request("take-over"), List.of(), PATIENCE)) {
            try (ReceivedMessage listeners = successor.receive(ByteBuffer.allocate(1000), 10)) {
                assertThat(listeners.descriptors()).hasSize(1);
            }
            try (ReceivedMessage container = successor.receive(ByteBuffer.allocate(1000), 10)) {
                assertThat(container.descriptors()).hasSize(1);
            }
        }
        // It listens as before, and hands over to one that lives.
        assertThat(ControlClient.list(control, PATIENCE)).singleElement().asString().contains("\"id\":\"c\"");
        long written = flow.written();
        Awaitility.await().atMost(PATIENCE).until(() -> flow.written() > written + 10_000);
        try (RunningDaemon next = RunningDaemon.start(logs, control, "--take-over")) {
            assertThat(daemon.exit()).isZero();
            long lines = flow.end();
            awaitEnded("c");
            Numbered.assertWhole(logs.resolve("c/stdout.log"), lines);
            assertThat(next.isAlive()).isTrue();
        }
    }

    @Test
    void aClientNeverFindsTheSocketRefused() throws Exception {
        AtomicLong asked = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        FutureTask<Void> asking = new FutureTask<>(() -> {
            while (!enough.get()) {
                ControlClient.list(control, PATIENCE);
                asked.incrementAndGet();
            }
            return null;
        });
        Thread.startVirtualThread(asking);
        for (int i = 0; i < 3; i++) {
            RunningDaemon next = RunningDaemon.start(logs, control, "--take-over");
            assertThat(daemon.exit()).isZero();
            daemon.close();
            daemon = next;
            long known = asked.get();
            Awaitility.await().atMost(PATIENCE).until(() -> asked.get() > known + 10 || asking.isDone());
        }
        enough.set(true);
        asking.get();
    }

    @Test
    void whoIsAttachedGetsEachLineOnceThoughProcessesChange() throws Exception {
        Numbered flow = log("c", 20);
        try (Pipe pipe = Pipe.open();
                MessageSocket attached =
                        ControlClient.attach(control, "c", Map.of(Output.STDOUT, pipe.sink()), PATIENCE)) {
            pipe.sink().close();
            FutureTask<List<String>> reading = new FutureTask<>(
                    () -> new BufferedReader(new InputStreamReader(pipe.source().inputStream(), UTF_8))
                            .lines()
                            .toList());
            Thread.startVirtualThread(reading);
            for (int i = 0; i < 3; i++) {
                RunningDaemon next = RunningDaemon.start(logs, control, "--take-over");
                assertThat(daemon.exit()).isZero();
                daemon.close();
                daemon = next;
            }
            long lines = flow.end();
            List<String> read = reading.get(20, TimeUnit.SECONDS);

            assertThat(attached.receive(ByteBuffer.allocate(1)).bytes()).isNegative();
            assertThat(read).isNotEmpty();
            long first = lines - read.size();
            for (int i = 0; i < read.size(); i++) {
                assertThat(read.get(i) + "\n").isEqualTo(Numbered.line(first + i));
            }
        }
    }

    private Numbered log(String id) throws IOException {
        return log(id, Long.MAX_VALUE);
    }

    private Numbered log(String id, long pauseEach) throws IOException {
        Pipe pipe = Pipe.open();
        ContainerDescription container = ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
        ControlClient.log(control, container, List.of(Source.stdout(pipe.source())), PATIENCE);
        pipe.source().close();
        return Numbered.start(pipe.sink(), pauseEach);
    }

    private void awaitEnded(String id) {
        Awaitility.await().atMost(PATIENCE).until(() -> !state(id).isLive());
    }

    private ContainerState state(String id) throws IOException {
        return ContainerJson.read(Files.readString(logs.resolve(id).resolve("container.json")));
    }
}
