// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.testing.NothingLeft;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class MetricsServerTest {
    @TempDir
    private Path folder;

    private Listener listener;
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        Daemon daemon = new Daemon(new DaemonSettings(folder, folder.resolve("control"), false, Map.of()));
        listener = Listener.open(UnixDomainSocketAddress.of(folder.resolve("metrics")));
        server = Metrics.server(daemon);
        server.start(listener);
    }

    @AfterEach
    void stop() throws Exception {
        server.pause();
        server.close();
        listener.close();
    }

    private String ask(String method, String path, String... headers) throws IOException {
        try (Connection client = Connection.connect(UnixDomainSocketAddress.of(folder.resolve("metrics")))) {
            client.setReadDeadline(Duration.ofSeconds(20));
            String more = String.join("", headers);
            OutputStream out = client.outputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + "\r\n")
                    .getBytes(UTF_8));
            return new String(client.inputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void tellsWhatIsCountedByPrometheussConventions() throws Exception {
        String answer = ask("GET", "/metrics?x=y");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
        assertThat(answer.lines().map(line -> line.split(" ")[0]))
                .contains(
                        "sluice_log_bytes_total",
                        "sluice_log_lines_total",
                        "sluice_log_batches_total",
                        "sluice_log_dropped_bytes_total",
                        "sluice_log_dropped_lines_total",
                        "sluice_log_broken_streams_total",
                        "sluice_log_rotations_total",
                        "sluice_log_compressions_total",
                        "sluice_log_failing",
                        "sluice_log_followers",
                        "sluice_containers_live",
                        "sluice_streams_open",
                        "sluice_taken_over",
                        "process_cpu_seconds_total",
                        "process_start_time_seconds",
                        "process_resident_memory_bytes",
                        "process_open_fds",
                        "process_max_fds");
        assertThat(answer).contains("\nsluice_taken_over 0.0\n", "\nsluice_containers_live 0.0\n");
        assertThat(answer).contains("\n# TYPE sluice_log_bytes_total counter\n", "\njvm_memory_used_bytes{area=\"heap");
        assertThat(answer.lines().filter(line -> line.startsWith("process_"))).noneMatch(line -> line.endsWith("NaN"));
    }

    @Test
    void speaksOpenMetricsWhereThatIsAskedFor() throws Exception {
        assertThat(ask("GET", "/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n"))
                .contains("\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
                .endsWith("# EOF\n");
    }

    @Test
    void tellsWhetherAllIsWell() throws Exception {
        assertThat(ask("GET", "/health")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
        assertThat(ask("HEAD", "/health")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    }

    @Test
    void tellsHowManyLogsCannotBeWritten() throws Exception {
        server.pause();
        server.close();
        server = new MetricsServer(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), () -> 2);
        server.start(listener);
        assertThat(ask("GET", "/health"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("\r\n\r\nlogs that cannot be written: 2\n");
    }

    @Test
    void refusesWhatItDoesNotServe() throws Exception {
        assertThat(ask("GET", "/")).startsWith("HTTP/1.1 404 ");
        assertThat(ask("DELETE", "/metrics")).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET, HEAD\r\n");
    }
}
