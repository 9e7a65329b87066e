// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples that serve until they are ended. */
class ServersTest {
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final int PATIENCE_MILLIS = 30_000;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    /** Starts one on a free port; tells which. */
    private int start(Class<?> example, String... args) throws IOException {
        ProcessBuilder builder = Output.jvm(example).redirectErrorStream(true);
        builder.command().addAll(List.of(args));
        Process process = builder.start();
        started.add(process);
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        Matcher port = PORT.matcher(line);
        assertThat(port.find()).as(line).isTrue();
        return Integer.parseInt(port.group(1));
    }

    @Test
    void aProxyInFrontOfAnEcho() throws Exception {
        int echo = start(Echo.class, "0");
        int proxy = start(Proxy.class, "0", "localhost", String.valueOf(echo));
        for (int port : List.of(echo, proxy)) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.setSoTimeout(PATIENCE_MILLIS);
                client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
                client.getOutputStream().write("and goodbye".getBytes(StandardCharsets.UTF_8));
                client.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("and goodbye");
            }
        }
    }
}
