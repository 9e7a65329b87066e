// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl, through the proxy, to nginx. */
@NeedsTool({"curl", "nginx"})
@SuppressWarnings("NullAway.Init")
class CurlIT {
    @TempDir
    private static Path folder;

    private static Server nginx;
    private static RunningProxy proxy;

    private static final String CONFIGURATION = """
            daemon off;
            master_process off;
            pid %1$s/pid;
            error_log stderr;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                client_max_body_size 100m;
                sendfile on;
                server {
                    listen 127.0.0.1:%2$d;
                    root %1$s;
                    location /new/ { dav_methods PUT; create_full_put_path on; }
                }
            }
            """;

    @BeforeAll
    static void start() throws Exception {
        int port = Listening.freePort();
        Path configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, String.format(CONFIGURATION, folder, port));
        Files.writeString(folder.resolve("small"), "small\n");
        byte[] big = new byte[50 << 20];
        new Random(1).nextBytes(big);
        Files.write(folder.resolve("big"), big);
        nginx = Server.start(
                folder.resolve("nginx.log"),
                "tcp:127.0.0.1:" + port,
                List.of("nginx", "-e", "stderr", "-p", folder.toString(), "-c", configuration.toString()));
        proxy = RunningProxy.start("tcp:127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() throws Exception {
        try (AutoCloseable server = nginx;
                RunningProxy last = proxy) {
            assertThat(server).isNotNull();
            last.awaitNoConnection();
            assertThat(last.said()).isEmpty();
        }
    }

    /** Runs a script in which {@code $U} is where the proxy listens, and a curl that is silent but for its errors. */
    private static String sh(String script) throws Exception {
        String preparation = "U=http://127.0.0.1:" + proxy.port() + "\n"
                + "curl() { command curl -sSf --noproxy '*' \"$@\"; }\n";
        return Sluice.shell(folder, preparation + script).succeeded().out();
    }

    @Test
    void aSmallFileAndALargeOne() throws Exception {
        assertThat(sh("curl $U/small")).isEqualTo("small\n");
        assertThat(sh("curl $U/big | cmp - big && echo same")).isEqualTo("same\n");
    }

    @Test
    void manyRequestsOnOneConnection() throws Exception {
        assertThat(sh("curl -o small1 -o big1 -o small2 -w '%{num_connects} ' $U/small $U/big $U/small"))
                .isEqualTo("1 0 0 ");
        assertThat(sh("cmp small small1 && cmp big big1 && cmp small small2 && echo same"))
                .isEqualTo("same\n");
    }

    @Test
    void partsOfAFile() throws Exception {
        assertThat(sh("curl -r 1000-1001999 -o part -w '%{http_code}' $U/big")).isEqualTo("206");
        assertThat(sh("tail -c +1001 big | head -c 1001000 | cmp - part && echo same"))
                .isEqualTo("same\n");
    }

    @Test
    void anUpload() throws Exception {
        // Of more than a megabyte: curl waits for "100 Continue" before it sends the rest.
        assertThat(sh("curl -T big -w '%{http_code}' $U/new/upload && cmp big new/upload"))
                .isEqualTo("201");
    }

    @Test
    void anUploadThatIsRefusedMidway() throws Exception {
        // nginx answers when it has seen the head, and closes while the body is still being sent.
        assertThat(sh("command curl -sS -H Expect: -F file=@big -o /dev/null -w '%{http_code}' $U/small || true"))
                .startsWith("405");
    }

    @Test
    void manyAtOnce() throws Exception {
        assertThat(sh("""
                for n in $(seq 12); do echo "url=$U/big"; echo "output=copy$n"; done >urls
                curl -Z -K urls 2>meter || cat meter
                for n in $(seq 12); do cmp big copy$n && rm copy$n; done && echo same""")).isEqualTo("same\n");
    }

    @Test
    void oneThatGoesAwayMidway() throws Exception {
        assertThat(sh("command curl -s --noproxy '*' $U/big | head -c 100000 | wc -c"))
                .isEqualTo("100000\n");
        proxy.awaitNoConnection();
    }
}
