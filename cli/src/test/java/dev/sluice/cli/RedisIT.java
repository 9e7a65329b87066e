// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** redis-benchmark and redis-cli, through the proxy, to Redis. */
@NeedsTool({"redis-server", "redis-benchmark", "redis-cli"})
@SuppressWarnings("NullAway.Init")
class RedisIT {
    @TempDir
    private static Path folder;

    private static Server redis;
    private static RunningProxy proxy;
    private static int direct;

    @BeforeAll
    static void start() throws Exception {
        direct = Listening.freePort();
        String port = String.valueOf(direct);
        redis = Server.start(
                folder.resolve("redis.log"),
                "tcp:127.0.0.1:" + port,
                List.of("redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", folder.toString(),
                        "--save", "", "--appendonly", "no", "--daemonize", "no"));
        proxy = RunningProxy.start("tcp:127.0.0.1:" + port);
    }

    @AfterAll
    static void stop() throws Exception {
        try (AutoCloseable server = redis;
                RunningProxy last = proxy) {
            assertThat(server).isNotNull();
            last.awaitNoConnection();
            assertThat(last.said()).isEmpty();
        }
    }

    /** Runs a script in which {@code $P} is the proxy's port, {@code $D} the server's, and cli redis-cli. */
    private static String sh(String script) throws Exception {
        String preparation = "P=" + proxy.port() + " D=" + direct + "; cli() { redis-cli -p $P \"$@\"; }\n";
        return Sluice.shell(folder, preparation + script).succeeded().out();
    }

    @Test
    void whatIsSetIsGot() throws Exception {
        assertThat(sh("""
                cli SET greeting 'hello world'; cli GET greeting; cli INCR count; cli INCR count
                redis-cli -p $D GET greeting
                head -c 5000000 /dev/urandom >value
                cli -x SET large <value; cli GET large | head -c 5000000 | cmp - value && echo same"""))
                .isEqualTo("OK\nhello world\n1\n2\nhello world\nOK\nsame\n");
    }

    @Test
    void manyCommandsInOneStream() throws Exception {
        assertThat(sh("""
                cli DEL list
                for n in $(seq 20000); do printf 'RPUSH list value-%d\\r\\n' $n; done | cli --pipe | tail -1
                cli LLEN list; cli LINDEX list 19999"""))
                .isEqualTo("0\nerrors: 0, replies: 20000\n20000\nvalue-20000\n");
    }

    @Test
    void oneThatWaitsForAnother() throws Exception {
        assertThat(sh("""
                cli BLPOP queue 20 >popped & pop=$!
                until redis-cli -p $D CLIENT LIST | grep -q cmd=blpop; do :; done
                cli RPUSH queue here
                wait $pop; cat popped""")).isEqualTo("1\nqueue\nhere\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P 1 -n 3000 -c 20", "-P 32 -n 20000 -c 20", "-P 1 -n 300 -c 5 -d 100000"})
    void theBenchmark(String options) throws Exception {
        String report = sh("redis-benchmark -p $P --csv -r 1000 -t ping_mbulk,set,get,lpush,lrange_100 " + options);
        assertThat(report.lines().skip(1)).hasSizeGreaterThanOrEqualTo(5).allSatisfy(line -> assertThat(line)
                .matches("\"[^\"]+\"(,\"[0-9.]+\")+"));
        System.out.println("redis-benchmark " + options + "\n" + report);
    }
}
