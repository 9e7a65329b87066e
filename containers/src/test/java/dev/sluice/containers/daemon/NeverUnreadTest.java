// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Pipe;
import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails, somebody reads a container that runs: it is neither blocked nor killed. */
@ExtendWith(NothingLeft.class)
class NeverUnreadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MUCH = (1 << 20) + 7;

    @TempDir
    private Path folder;

    private final Counters counters = new Counters();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile boolean isRefused;
    private Containers containers;

    @BeforeEach
    void start() throws IOException {
        containers = new Containers(LogFolder.open(folder), new Failing(), ServiceManager.of(Map.of()));
    }

    @AfterEach
    void stop() {
        containers.close();
    }

    /** Logs that cannot be opened, or whose reading fails so many times. */
    private final class Failing implements Logging {
        @Override
        public Log open(ContainerDescription container) throws IOException {
            if (isRefused) {
                throw new IOException("no space left");
            }
            return new Open(new Counters(counters), new Attachments());
        }

        @Override
        public Counters counters() {
            return counters;
        }

        /** As a write to a disk does, which no interrupt ends. */
        private void hang() {
            while (true) {
                try {
                    hanging.await();
                    if (stopped.get()) {
                        Thread.currentThread().interrupt();
                    }
                    return;
                } catch (InterruptedException later) {
                    stopped.set(true);
                }
            }
        }

        private final class Open implements Log {
            private final Counters own;
            private final Attachments attachments;

            Open(Counters own, Attachments attachments) {
                this.own = own;
                this.attachments = attachments;
            }

            @Override
            public Run prepare(Source source) {
                return () -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new AssertionError("on purpose");
                    }
                    hang();
                    for (int count = 0; count >= 0; count = source.descriptor().read(ByteBuffer.allocate(100))) {
                        read.addAndGet(count);
                    }
                };
            }

            @Override
            public Counters counters() {
                return own;
            }

            @Override
            public Attachments attachments() {
                return attachments;
            }

            @Override
            public void close() {
                // nothing is open
            }
        }
    }

    private static ContainerDescription container() {
        return ContainerDescription.of("c", Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
    }

    /** More than any pipe holds. */
    private static void write(Pipe pipe) throws IOException {
        pipe.sink().write(ByteBuffer.wrap(new byte[MUCH]));
    }

    private void awaitDropped() {
        Awaitility.await().atMost(PATIENCE).until(() -> counters.droppedBytes() == MUCH);
        assertThat(containers.live("c")).isNotNull();
    }

    @Test
    void whatFailsOnceIsTriedAgain() throws IOException {
        failures.set(2);
        try (Pipe pipe = Pipe.open()) {
            containers.start(container(), List.of(Source.stdout(pipe.source())));
            write(pipe);
            assertThat(containers.live("c")).isNotNull();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> containers.live("c") == null);
        assertThat(counters.droppedBytes()).isZero();
    }

    @Test
    void whatAlwaysFailsIsDropped() throws IOException {
        failures.set(Integer.MAX_VALUE);
        try (Pipe pipe = Pipe.open()) {
            containers.start(container(), List.of(Source.stdout(pipe.source())));
            write(pipe);
            awaitDropped();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> containers.live("c") == null);
    }

    @Test
    void aLogThatCannotBeOpenedAgainCostsTheLogAndNotTheContainer() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            containers.start(container(), List.of(Source.stdout(pipe.source())));
            containers.pause();
            isRefused = true;
            containers.resume();
            write(pipe);
            awaitDropped();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> containers.live("c") == null);
    }

    @Test
    void whatWasKeptIsReadThoughItsLogCannotBeOpened() throws IOException {
        isRefused = true;
        try (Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> containers.start(container(), List.of(Source.stdout(pipe.source()))))
                    .hasMessageContaining("no space");
        }
        try (Pipe pipe = Pipe.open()) {
            containers.open(container(), List.of(new Opened(Source.stdout(pipe.source()), Opened.Origin.KEPT)));
            write(pipe);
            awaitDropped();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> containers.live("c") == null);
    }

    @Test
    void aDiskThatHangsIsNoSilence() throws Exception {
        hanging = new CountDownLatch(1);
        try (Pipe pipe = Pipe.open()) {
            containers.start(container(), List.of(Source.stdout(pipe.source())));
            pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            pipe.sink().close();
            Thread finishing = Thread.ofVirtual().start(() -> {
                try {
                    containers.finish("c", Duration.ofMillis(50));
                } catch (InterruptedIOException never) {
                    throw new AssertionError(never);
                }
            });
            Awaitility.await().atMost(PATIENCE).until(stopped::get);
            hanging.countDown();
            finishing.join();
            assertThat(read.get()).isEqualTo(3);
        }
    }
}
