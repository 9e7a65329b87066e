// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A proxy that runs, in front of a server that the test plays itself. */
final class ProxyProcess implements AutoCloseable {
    private static final String LISTENS = "sluice: listening on tcp:127.0.0.1:";
    private static final int PATIENCE_MILLIS = 30_000;

    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Process process;
    private final int port;

    /** Starts one on a free port, and returns when it listens. */
    ProxyProcess(String... options) throws IOException {
        server.setSoTimeout(PATIENCE_MILLIS);
        List<String> words = new ArrayList<>(List.of("proxy"));
        words.addAll(List.of(options));
        words.add("tcp:0");
        words.add("tcp:127.0.0.1:" + server.getLocalPort());
        process = Sluice.command(words.toArray(String[]::new)).start();
        String line = errorLine();
        assertThat(line).startsWith(LISTENS);
        port = Integer.parseInt(line.substring(LISTENS.length()));
    }

    /** A connection to the proxy. */
    Socket client() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    /** The proxy's next connection to the server. */
    Socket accepted() throws IOException {
        Socket accepted = server.accept();
        accepted.setSoTimeout(PATIENCE_MILLIS);
        return accepted;
    }

    ServerSocket server() {
        return server;
    }

    Process process() {
        return process;
    }

    int port() {
        return port;
    }

    /** The next line that it says. */
    String errorLine() throws IOException {
        return Processes.errorLine(process);
    }

    void signal(String name) throws Exception {
        Processes.signal(process, name);
    }

    int exit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        return process.exitValue();
    }

    /** All that it still says, to its end. */
    String rest() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        server.close();
    }
}
