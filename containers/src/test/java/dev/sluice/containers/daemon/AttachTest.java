// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Descriptor;
import dev.sluice.Hangup;
import dev.sluice.MessageListener;
import dev.sluice.MessageSocket;
import dev.sluice.Pipe;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.containers.log.Output;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class AttachTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path control;
    private Containers containers;
    private MessageListener listener;
    private ControlServer server;
    private Pipe out;
    private Pipe err;

    @BeforeEach
    void start() throws IOException {
        control = folder.resolve("control.sock");
        containers = Containers.open(folder.resolve("logs"));
        listener = MessageListener.open(UnixDomainSocketAddress.of(control));
        server = new ControlServer(listener, Map.of("attach", new AttachRequest(containers)));
        server.start();
        out = Pipe.open();
        err = Pipe.open();
        ContainerDescription description = ContainerDescription.of("c", Driver.CONTAINERD, LogOptions.of(LogFormat.CRI));
        containers.start(description, List.of(Source.stdout(out.source()), Source.stderr(err.source())));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        listener.close();
        containers.close();
        out.close();
        err.close();
    }

    /** A client, and the pipe by which it reads standard output. */
    private final class Client implements AutoCloseable {
        private final Pipe pipe = Pipe.open();
        private final MessageSocket connection;

        Client() throws IOException {
            connection = ControlClient.attach(control, "c", Map.of(Output.STDOUT, pipe.sink()), PATIENCE);
            pipe.sink().close();
            pipe.source().setReadDeadline(PATIENCE);
        }

        String read(int bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            while (buffer.hasRemaining() && pipe.source().read(buffer) >= 0) {
                // on
            }
            return UTF_8.decode(buffer.flip()).toString();
        }

        @Override
        public void close() throws IOException {
            pipe.close();
            connection.close();
        }
    }

    private static void say(Descriptor to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private void awaitAttached(int count) {
        Container container = Objects.requireNonNull(containers.live("c"));
        Awaitility.await().atMost(PATIENCE).until(() -> container.attached().size() == count);
    }

    @RepeatedTest(20)
    void whoIsAttachedGetsWhatComesFromThenOnAndTheEnd() throws IOException {
        say(out.sink(), "before\n");
        Awaitility.await().atMost(PATIENCE).until(() -> Files.size(folder.resolve("logs/c/container.log")) > 0);
        try (Client one = new Client();
                Client two = new Client()) {
            say(out.sink(), "after\n");
            say(err.sink(), "not asked for\n");
            assertThat(one.read(6)).isEqualTo("after\n");
            assertThat(two.read(6)).isEqualTo("after\n");
            out.sink().close();
            err.sink().close();

            assertThat(one.read(1)).isEmpty();
            assertThat(two.read(1)).isEmpty();
            assertThat(one.connection.receive(ByteBuffer.allocate(1)).bytes()).isNegative();
            Awaitility.await().atMost(PATIENCE).until(() -> containers.live().isEmpty());
        }
    }

    @Test
    void whoReadsNoMoreIsForgottenAndTheOthersReadOn() throws IOException {
        try (Client one = new Client();
                Client two = new Client()) {
            awaitAttached(2);
            one.pipe.source().close();

            awaitAttached(1);
            assertThat(one.connection.receive(ByteBuffer.allocate(1)).bytes()).isNegative();
            say(out.sink(), "on\n");
            assertThat(two.read(3)).isEqualTo("on\n");
        }
        awaitAttached(0);
    }

    @Test
    void whoClosesItsConnectionIsForgottenToo() throws IOException {
        try (Client one = new Client()) {
            awaitAttached(1);
            one.connection.close();

            awaitAttached(0);
            assertThat(one.read(1)).isEmpty();
        }
    }

    @Test
    void whoDoesNotReadHoldsNobodyUp() throws IOException {
        try (Client stuck = new Client()) {
            String line = "x".repeat(99) + "\n";
            for (int i = 0; i < 50_000; i++) {
                say(out.sink(), line);
            }
            out.sink().close();
            err.sink().close();
            containers.finish("c", PATIENCE);

            assertThat(folder.resolve("logs/c/container.log")).content().hasLineCount(50_000);
            assertThat(stuck.read(100)).isEqualTo(line);
        }
    }

    @Test
    void whatCannotBeAttachedIsRefused() throws IOException {
        try (Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> ControlClient.attach(
                            control, "nobody", Map.of(Output.STDOUT, pipe.sink()), PATIENCE))
                    .hasMessageContaining("no live container has the id nobody");
            assertThatThrownBy(() -> ControlClient.attach(
                            control, "c", Map.of(Output.STDOUT, pipe.source()), PATIENCE))
                    .hasMessageContaining("not a pipe's writing end");
            pipe.sink().close();
            assertThat(pipe.source().awaitHangup()).isEqualTo(Hangup.PEER_CLOSED);
        }
        awaitAttached(0);
    }
}
