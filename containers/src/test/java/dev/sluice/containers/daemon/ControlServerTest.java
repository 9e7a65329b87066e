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
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.Driver;
import dev.sluice.containers.log.JsonText;
import dev.sluice.containers.log.LogFolder;
import dev.sluice.containers.log.LogFormat;
import dev.sluice.containers.log.LogOptions;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeft.class)
class ControlServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path control;
    private Containers containers;
    private MessageListener listener;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        control = folder.resolve("control.sock");
        LogFolder logs = LogFolder.open(folder);
        containers = new Containers(logs, new FakeLogs(logs), ServiceManager.of(Map.of()));
        listener = MessageListener.open(UnixDomainSocketAddress.of(control));
        server = new ControlServer(
                listener, Map.of("log", new LogRequest(containers), "list", new ListRequest(containers)));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        listener.close();
        containers.close();
    }

    private static ContainerDescription container(String id) {
        return ContainerDescription.of(id, Driver.CONTAINERD, LogOptions.of(LogFormat.RAW));
    }

    private MessageSocket connect() throws IOException {
        MessageSocket client = MessageSocket.connect(UnixDomainSocketAddress.of(control), PATIENCE);
        client.setReadDeadline(PATIENCE);
        return client;
    }

    private static String answer(MessageSocket client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        return client.receive(buffer).bytes() < 0 ? "end" : UTF_8.decode(buffer.flip()).toString();
    }

    /** All is well if a client is served now as ever. */
    private void assertServes(String id) throws IOException {
        try (Pipe pipe = Pipe.open()) {
            ControlClient.log(control, container(id), List.of(Source.stdout(pipe.source())), PATIENCE);
            pipe.sink().write(ByteBuffer.wrap("hello\n".getBytes(UTF_8)));
        }
        containers.finish(id, PATIENCE);
        assertThat(folder.resolve(id).resolve("stdout.log")).hasContent("hello\n");
    }

    @Test
    void whatIsHandedOverIsReadToItsEnd() throws IOException {
        try (Pipe out = Pipe.open();
                Pipe err = Pipe.open()) {
            ControlClient.log(
                    control,
                    container("two"),
                    List.of(Source.stdout(out.source()), Source.stderr(err.source())),
                    PATIENCE);
            assertThat(ControlClient.list(control, PATIENCE))
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"two\"", "\"state\":\"live\"");
            out.sink().write(ByteBuffer.wrap("a\n".getBytes(UTF_8)));
            err.sink().write(ByteBuffer.wrap("b\n".getBytes(UTF_8)));
        }

        containers.finish("two", PATIENCE);

        assertThat(folder.resolve("two").resolve("stdout.log")).hasContent("a\n");
        assertThat(folder.resolve("two").resolve("stderr.log")).hasContent("b\n");
        assertThat(folder.resolve("two").resolve("container.json")).content().contains("\"state\":\"ended\"");
        assertThat(ControlClient.list(control, PATIENCE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "{}",
                "[1]",
                "null",
                "{\"request\":7}",
                "{\"request\":\"dance\"}",
                "{\"request\":\"log\"}",
                "{\"request\":\"log\",\"container\":7,\"sources\":{\"a\":1}}",
                "{\"request\":\"log\",\"container\":{\"id\":\"../up\",\"driver\":\"docker\",\"format\":\"raw\","
                        + "\"created\":\"2026-11-24T00:00:00Z\"},"
                        + "\"sources\":[{\"name\":\"stdout\",\"carries\":\"stdout\"}]}",
            })
    void aRequestThatMakesNoSenseIsRefusedAndItsDescriptorIsClosed(String request) throws IOException {
        try (MessageSocket client = connect();
                Pipe pipe = Pipe.open()) {
            client.send(ByteBuffer.wrap(request.getBytes(UTF_8)), List.of(pipe.source()));
            assertThat(answer(client)).startsWith("refused ");
            assertThat(answer(client)).isEqualTo("end");
            pipe.source().close();
            assertThat(pipe.sink().awaitHangup()).isEqualTo(Hangup.READER_GONE);
        }
        assertServes("after");
    }

    @Test
    void tooManyDescriptorsAndTooLongAMessageAreRefused() throws IOException {
        try (MessageSocket client = connect();
                MessageSocket other = connect();
                Pipe pipe = Pipe.open()) {
            List<Descriptor> many = new ArrayList<>(Collections.nCopies(253, pipe.source()));
            client.send(ByteBuffer.wrap("{\"request\":\"list\"}".getBytes(UTF_8)), many);
            assertThat(answer(client)).isEqualTo("refused too many descriptors");
            other.send(ByteBuffer.allocate(ControlSocket.MOST_BYTES + 1));
            assertThat(answer(other)).isEqualTo("refused too long");
            pipe.source().close();
            assertThat(pipe.sink().awaitHangup()).isEqualTo(Hangup.READER_GONE);
        }
        assertServes("after");
    }

    @Test
    void whatIsNoPipesReadingEndIsRefused() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Descriptor regular = Descriptor.open(file);
                Pipe pipe = Pipe.open()) {
            for (Descriptor unfit : List.of(regular, pipe.sink())) {
                assertThatThrownBy(() ->
                                ControlClient.log(control, container("x"), List.of(Source.stdout(unfit)), PATIENCE))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("not a pipe's reading end");
            }
        }
        assertThat(containers.live()).isEmpty();
    }

    @Test
    void thoseWhoHangAreLetGoAfterSecondsAndAreInNobodysWay() throws IOException {
        List<MessageSocket> hanging = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                hanging.add(connect());
            }
            assertServes("beside");
            for (MessageSocket client : hanging) {
                assertThat(answer(client)).isEqualTo("end");
            }
        } finally {
            for (MessageSocket client : hanging) {
                client.close();
            }
        }
    }

    @Test
    void aCrowdIsRefusedAndTheSocketServesOn() throws IOException {
        List<MessageSocket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                crowd.add(connect());
            }
            assertThat(answer(crowd.getLast())).isEqualTo("refused too many clients");
        } finally {
            for (MessageSocket client : crowd) {
                client.close();
            }
        }
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertServes("after"));
    }

    @Test
    void aSecondSourceOfTheSameNameIsRefusedAndTheFirstGoesOn() throws IOException {
        try (Pipe pipe = Pipe.open();
                Pipe other = Pipe.open()) {
            ControlClient.log(control, container("c"), List.of(Source.stdout(pipe.source())), PATIENCE);
            assertThatThrownBy(() -> ControlClient.log(
                            control, container("c"), List.of(Source.stdout(other.source())), PATIENCE))
                    .hasMessageContaining("already");
            pipe.sink().write(ByteBuffer.wrap("goes on\n".getBytes(UTF_8)));
        }
        containers.finish("c", PATIENCE);
        assertThat(folder.resolve("c").resolve("stdout.log")).hasContent("goes on\n");
    }

    @Test
    void whoDoesNotWaitForTheAnswerKeepsWhatItHasSent() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        server.close();
        try (ControlServer slow = new ControlServer(listener, Map.of("log", (request, passed, client) -> {
                    asked.countDown();
                    Awaitility.await().atMost(PATIENCE).until(() -> gone.getCount() == 0);
                    return new LogRequest(containers).serve(request, passed, client);
                }));
                Pipe pipe = Pipe.open()) {
            slow.start();
            pipe.sink().write(ByteBuffer.wrap("mine\n".getBytes(UTF_8)));
            try (MessageSocket client = connect()) {
                JsonText request = ControlSocket.request("log")
                        .add("container", new JsonText().with(object -> ContainerJson.write(container("c"), object)))
                        .add("sources", List.of("stdout"), (name, object) -> object.add("name", name)
                                .add("carries", name));
                client.send(ControlSocket.message(request), List.of(pipe.source()));
                asked.await();
            }
            gone.countDown();
            slow.pause(); // it has been served by then

            assertThat(containers.live("c")).isNull();
            ByteBuffer left = ByteBuffer.allocate(100);
            pipe.source().setReadDeadline(PATIENCE);
            pipe.source().read(left);
            assertThat(UTF_8.decode(left.flip()).toString()).isEqualTo("mine\n");
            assertThat(folder.resolve("c").resolve("container.json"))
                    .content()
                    .contains("\"state\":\"ended\"");
        }
    }
}
