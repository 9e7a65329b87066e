// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class HttpServerTest {
    private static final String GET = "GET /a HTTP/1.1\r\nHost: \r\n\r\n";

    @TempDir
    private Path folder;

    private static void answer(ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context)
            throws HttpException, IOException {
        String body = request.getEntity() == null ? "" : EntityUtils.toString(request.getEntity());
        response.setCode(200);
        response.setEntity(new StringEntity(request.getPath() + body + HttpServer.connection(context).isOpen()));
    }

    private Listener listener() throws IOException {
        return Listener.open(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    private Connection client() throws IOException {
        return Connection.connect(UnixDomainSocketAddress.of(folder.resolve("s")));
    }

    private static String ask(Connection client, String request, String endOfAnswer) throws IOException {
        client.setReadDeadline(Duration.ofSeconds(20));
        client.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
        StringBuilder answer = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (!answer.toString().endsWith(endOfAnswer) && client.read(buffer.clear()) >= 0) {
            answer.append(UTF_8.decode(buffer.flip()));
        }
        return answer.toString();
    }

    @Test
    void answersRequestsOfOneConnectionOneAfterAnother() throws Exception {
        HttpServer server = new HttpServer("test", HttpServerTest::answer, Duration.ofSeconds(20));
        try (Listener listener = listener();
                Connection client = client()) {
            server.start(listener);
            assertThat(ask(client, GET, "/atrue")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(ask(client, "POST /b HTTP/1.1\r\nHost: \r\nContent-Length: 3\r\n\r\nxyz", "/bxyztrue"))
                    .startsWith("HTTP/1.1 200 OK\r\n");
            server.pause();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void rubbishAndSilenceEndTheConnection() throws Exception {
        HttpServer server = new HttpServer("test", HttpServerTest::answer, Duration.ofMillis(100));
        try (Listener listener = listener();
                Connection rubbish = client();
                Connection silent = client()) {
            server.start(listener);
            assertThat(ask(rubbish, "\u0001\u0002 rubbish\r\n\r\n", "never")).doesNotContain("200 OK");
            assertThat(ask(silent, "GET /a HT", "never")).doesNotContain("200 OK");
            server.pause();
        }
    }

    @Test
    void aPauseWaitsForTheRequestUnderWayAndLosesNobody() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        HttpServer server = new HttpServer(
                "test",
                (request, response, context) -> {
                    begun.countDown();
                    await(goOn);
                    answer(request, response, context);
                },
                Duration.ofSeconds(20));
        try (Listener listener = listener();
                Connection early = client()) {
            server.start(listener);
            Running<String> first = OnThread.VIRTUAL.call(() -> ask(early, GET, "never"));
            await(begun);
            Running<Boolean> pause = OnThread.VIRTUAL.run(() -> {
                server.pause();
            });
            pause.awaitWaiting();
            try (Connection late = client()) {
                Running<String> second = OnThread.VIRTUAL.call(() -> ask(late, GET, "/atrue"));
                second.awaitWaiting();
                goOn.countDown();
                assertThat(first.get()).endsWith("/atrue");
                pause.get();
                assertThat(Running.staysWaiting(second)).isTrue();
                server.start(listener);
                assertThat(second.get()).endsWith("/atrue");
                server.pause();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
