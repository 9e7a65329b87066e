// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Listener;
import dev.sluice.containers.http.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Tells how the daemon does, to whoever asks by HTTP: {@code GET /metrics} answers in Prometheus's text format, or in
 * OpenMetrics where the client asks for that; {@code GET /health} answers 200 as long as all logs can be written, and
 * 503 with the number of those that cannot. It changes nothing, and has no secrets: no container's name or id appears.
 */
public final class MetricsServer implements Service {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final PrometheusMeterRegistry registry;
    private final LongSupplier failing;
    private final HttpServer server = new HttpServer(
            "sluice-metrics",
            (request, response, context) -> {
                HttpServer.connection(context).setWriteDeadline(SILENCE); // for one who asks and does not read
                answer(request, response);
            },
            SILENCE);

    MetricsServer(PrometheusMeterRegistry registry, LongSupplier failing) {
        this.registry = registry;
        this.failing = failing;
    }

    @Override
    public void start(Listener listener) {
        server.start(listener);
    }

    @Override
    public void pause() throws InterruptedException {
        server.pause();
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }

    private void answer(ClassicHttpRequest request, ClassicHttpResponse response) {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader(HttpHeaders.ALLOW, "GET, HEAD");
            say(response, HttpStatus.SC_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            return;
        }
        switch (path(request)) {
            case "/metrics" -> scrape(request, response);
            case "/health" -> health(response);
            default -> say(response, HttpStatus.SC_NOT_FOUND, "there are /metrics and /health\n");
        }
    }

    private static String path(ClassicHttpRequest request) {
        String path = request.getPath();
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private void scrape(ClassicHttpRequest request, ClassicHttpResponse response) {
        Header accept = request.getFirstHeader(HttpHeaders.ACCEPT);
        boolean open = accept != null && accept.getValue().contains(OPEN_METRICS);
        String type = open ? OPEN_METRICS + "; version=1.0.0; charset=utf-8" : TEXT;
        response.setCode(HttpStatus.SC_OK);
        response.setEntity(new StringEntity(registry.scrape(type), ContentType.parse(type)));
    }

    private void health(ClassicHttpResponse response) {
        long logs = failing.getAsLong();
        if (logs == 0) {
            say(response, HttpStatus.SC_OK, "ok\n");
        } else {
            say(response, HttpStatus.SC_SERVICE_UNAVAILABLE, "logs that cannot be written: " + logs + "\n");
        }
    }

    private static void say(ClassicHttpResponse response, int code, String text) {
        response.setCode(code);
        response.setEntity(new StringEntity(text, ContentType.create("text/plain", "utf-8")));
    }
}
