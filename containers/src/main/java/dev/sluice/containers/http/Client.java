// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.http;

import dev.sluice.Connection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.impl.io.HttpService;
import org.apache.hc.core5.http.io.HttpRequestHandler;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.ResponseConnControl;
import org.apache.hc.core5.http.protocol.ResponseContent;
import org.apache.hc.core5.http.protocol.ResponseDate;
import org.apache.hc.core5.util.Timeout;

/** One client of an {@link HttpServer}, and its requests, one after another. */
final class Client {
    static final String CONNECTION = "dev.sluice.connection";

    private static final Http1Config CONFIG =
            Http1Config.custom().setMaxHeaderCount(64).setMaxLineLength(8192).build();

    // No RequestValidateHost: dockerd sends an empty Host.
    private static final HttpProcessor PROCESSOR =
            new DefaultHttpProcessor(new ResponseDate(), new ResponseContent(), new ResponseConnControl());

    private static final Logger LOG = System.getLogger(HttpServer.class.getName());

    private final Connection connection;
    private final HttpRequestHandler handler;
    private final Duration silence;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean busy;
    private boolean ending;

    Client(Connection connection, HttpRequestHandler handler, Duration silence) {
        this.connection = connection;
        this.handler = handler;
        this.silence = silence;
    }

    /** Serves until the client goes, or it is ended. */
    void serve() {
        try (DefaultBHttpServerConnection http = new DefaultBHttpServerConnection("http", CONFIG)) {
            http.bind(new ConnectionSocket(connection));
            http.setSocketTimeout(Timeout.of(silence));
            HttpService service = new HttpService(PROCESSOR, (request, context) -> this::handle, null, null);
            while (http.isOpen() && !isEnding()) {
                HttpContext context = HttpCoreContext.create();
                context.setAttribute(CONNECTION, connection);
                service.handleRequest(http, context);
                requestEnded();
            }
        } catch (SocketTimeoutException | ClosedChannelException gone) {
            LOG.log(Level.TRACE, "a client is gone", gone);
        } catch (IOException | HttpException failure) {
            LOG.log(Level.DEBUG, "a client is not served any more", failure);
        } finally {
            end();
            ended.countDown();
        }
    }

    private void handle(ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context)
            throws HttpException, IOException {
        if (!requestBegins()) {
            response.addHeader(HttpHeaders.CONNECTION, "close");
        }
        handler.handle(request, response, context);
    }

    /** Whether another request may follow. */
    private synchronized boolean requestBegins() {
        busy = true;
        return !ending;
    }

    private synchronized void requestEnded() {
        busy = false;
    }

    private synchronized boolean isEnding() {
        return ending;
    }

    /** Ends it now if it has no request, else when that is done. */
    synchronized void endAfterRequest() {
        ending = true;
        if (!busy) {
            end();
        }
    }

    void end() {
        try {
            connection.close();
        } catch (IOException failure) {
            LOG.log(Level.DEBUG, "a client's connection could not be closed", failure);
        }
    }

    void awaitEnd(Duration atMost) throws InterruptedException {
        // Whoever is not done by then is cut off by the close that follows.
        boolean inTime = ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        LOG.log(Level.TRACE, "ended in time: {0}", inTime);
    }
}
