// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** iperf3 through the proxy. */
@NeedsTool("iperf3")
@SuppressWarnings("NullAway.Init")
class IperfIT {
    private static final Pattern RECEIVED =
            Pattern.compile("\"sum_received(?:_bidir_reverse)?\":\\s*\\{[^}]*?\"bytes\":\\s*(\\d+)");

    @TempDir
    private static Path folder;

    private static Server iperf;
    private static RunningProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        String port = String.valueOf(Listening.freePort());
        iperf = Server.start(
                folder.resolve("iperf.log"),
                "tcp:127.0.0.1:" + port,
                List.of("iperf3", "-s", "-B", "127.0.0.1", "-p", port));
        proxy = RunningProxy.start("tcp:127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() throws Exception {
        try (AutoCloseable server = iperf;
                RunningProxy last = proxy) {
            assertThat(server).isNotNull();
            last.awaitNoConnection();
            assertThat(last.said()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P 1", "-P 1 -R", "-P 8", "-P 8 -R", "-P 4 --bidir", "-P 2 -l 100 -N"})
    void bothDirectionsAndParallelStreams(String options) throws Exception {
        String report = Sluice.shell(
                        folder, "iperf3 -c 127.0.0.1 -p " + proxy.port() + " -J -t 1 " + options)
                .succeeded()
                .out();
        assertThat(report).doesNotContain("\"error\"");
        Matcher received = RECEIVED.matcher(report);
        int directions = 0;
        while (received.find()) {
            directions++;
            long bytes = Long.parseLong(received.group(1));
            System.out.println("iperf3 " + options + ": " + bytes / 1_000_000 + " MB/s");
            assertThat(bytes).isGreaterThan(1_000_000);
        }
        assertThat(directions).isEqualTo(options.contains("bidir") ? 2 : 1);
    }
}
