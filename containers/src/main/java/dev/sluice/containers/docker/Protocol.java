// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.containers.http.HttpServer;
import dev.sluice.containers.log.ContainerJson;
import dev.sluice.containers.log.JsonText;
import java.io.IOException;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.HttpRequestHandler;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Docker's plugin protocol, each request a POST of a JSON object.
 *
 * <pre>
 *  /Plugin.Activate             {}                     what it is: a log driver
 *  /LogDriver.Capabilities      {}                     what it can: logs can be read
 *  /LogDriver.StartLogging      File, Info             reads a FIFO from now on
 *  /LogDriver.StopLogging       File                   the container has stopped: answered when all is logged
 *  /LogDriver.ReadLogs          Config, Info           answered by the log, as a stream of frames
 * </pre>
 *
 * <p>What goes wrong is told in one line, as {@code Err}, which dockerd shows to the user.
 */
final class Protocol implements HttpRequestHandler {
    private static final int MOST_BYTES = 1 << 20;

    private static final ContentType TYPE = ContentType.create("application/vnd.docker.plugins.v1.1+json");
    private static final String READ_LOGS = "/LogDriver.ReadLogs";
    private static final String ACTIVATED = "{\"Implements\":[\"LogDriver\"]}";
    private static final String CAPABILITIES = "{\"Cap\":{\"ReadLogs\":true}}";
    private static final String DONE = "{\"Err\":\"\"}";

    private final Map<String, Call> calls;

    /** Serves one kind of request. */
    @FunctionalInterface
    private interface Call {
        /**
         * Serves one.
         *
         * @throws IllegalArgumentException if the request makes no sense; the message is for people
         * @throws IOException if it cannot be served
         */
        HttpEntity answer(JsonNode request, HttpContext context) throws IOException;
    }

    Protocol(LogDriver driver, ReadLogs readLogs) {
        this.calls = Map.of(
                "/Plugin.Activate", (request, context) -> json(ACTIVATED),
                "/LogDriver.Capabilities", (request, context) -> json(CAPABILITIES),
                "/LogDriver.StartLogging", (request, context) -> {
                    driver.start(request);
                    return json(DONE);
                },
                "/LogDriver.StopLogging", (request, context) -> {
                    driver.stop(request);
                    return json(DONE);
                },
                READ_LOGS, (request, context) -> readLogs.read(request, HttpServer.connection(context)));
    }

    @Override
    public void handle(ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context)
            throws IOException, ProtocolException {
        Call call = calls.get(request.getPath());
        byte[] body = body(request);
        if (call == null) {
            fail(response, HttpStatus.SC_NOT_FOUND, "a log driver has no " + request.getPath());
        } else {
            // The answer has a field for what went wrong, except where it is a log: what comes with 200 is one.
            int failed = request.getPath().equals(READ_LOGS)
                    ? HttpStatus.SC_INTERNAL_SERVER_ERROR
                    : HttpStatus.SC_OK;
            answer(call, failed, body, response, context);
        }
    }

    private static void answer(
            Call call, int failed, byte[] body, ClassicHttpResponse response, HttpContext context) {
        try {
            JsonNode request = ContainerJson.parse(body.length == 0 ? "{}" : new String(body, UTF_8));
            response.setEntity(call.answer(request, context));
            response.setCode(HttpStatus.SC_OK);
        } catch (IllegalArgumentException | IOException failure) {
            fail(response, failed, String.valueOf(failure.getMessage()));
        }
    }

    private static void fail(ClassicHttpResponse response, int code, String why) {
        response.setCode(code);
        response.setEntity(
                json(new JsonText().add("Err", why.replaceAll("\\R", " ")).toString()));
    }

    private static byte[] body(ClassicHttpRequest request) throws IOException, ProtocolException {
        HttpEntity entity = request.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        // It is not closed: that would read it to its end.
        byte[] body = entity.getContent().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new ProtocolException("the request is longer than " + MOST_BYTES + " bytes");
        }
        return body;
    }

    private static HttpEntity json(String text) {
        return new StringEntity(text, TYPE.withCharset(UTF_8));
    }
}
