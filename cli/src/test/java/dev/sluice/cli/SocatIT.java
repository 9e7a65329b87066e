// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** socat at each end, whose server answers when it has seen the end of the question: the end has to travel. */
@NeedsTool("socat")
class SocatIT {
    @TempDir
    private Path folder;

    private String listen(String kind) {
        return kind.equals("unix") ? "unix:" + folder.resolve("proxy") : "tcp:127.0.0.1:0";
    }

    private String target(String kind) throws Exception {
        return kind.equals("unix") ? "unix:" + folder.resolve("server") : "tcp:127.0.0.1:" + Listening.freePort();
    }

    /**
     * Starts a server.
     *
     * @param where it listens, in the notation of the command
     * @param what the address that socat joins with each connection
     */
    private Server serve(String where, String what) throws Exception {
        String listen = where.startsWith("unix:")
                ? "UNIX-LISTEN:" + where.substring("unix:".length())
                : "TCP-LISTEN:" + where.substring(where.lastIndexOf(':') + 1) + ",bind=127.0.0.1";
        return Server.start(folder.resolve("socat.log"), where, List.of("socat", "-t30", listen + ",fork", what));
    }

    private String sh(String script) throws Exception {
        return Sluice.shell(folder, script).succeeded().out();
    }

    private static String connect(RunningProxy proxy) {
        String address = proxy.address();
        return address.startsWith("unix:")
                ? "UNIX-CONNECT:" + address.substring("unix:".length())
                : "TCP:" + address.substring("tcp:".length());
    }

    @ParameterizedTest
    @CsvSource({"tcp,tcp", "tcp,unix", "unix,tcp", "unix,unix"})
    void theAnswerComesAfterTheEndOfTheQuestion(String here, String there) throws Exception {
        String target = target(there);
        try (Server server = serve(target, "SYSTEM:sort; echo and more");
                RunningProxy proxy = RunningProxy.start(List.of(), listen(here), target)) {
            assertThat(server).isNotNull();
            assertThat(sh("printf 'b\\na\\n' | socat -t30 - " + connect(proxy))).isEqualTo("a\nb\nand more\n");
            assertThat(sh("socat -t30 - " + connect(proxy) + " </dev/null")).isEqualTo("and more\n");
            String sum = sh("seq 1000000 | sort | sha256sum");
            assertThat(sh("seq 1000000 | socat -t30 - " + connect(proxy) + " | grep -v more | sha256sum"))
                    .isEqualTo(sum);
            proxy.awaitNoConnection();
            assertThat(proxy.said()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    @NeedsTool("nc")
    void netcatThatShutsDownAfterItsInput(String kind) throws Exception {
        String target = target("tcp");
        try (Server server = serve(target, "SYSTEM:cat; sleep 0.3; echo late");
                RunningProxy proxy = RunningProxy.start(List.of(), listen(kind), target)) {
            assertThat(server).isNotNull();
            String to = kind.equals("unix") ? "-U " + folder.resolve("proxy") : "127.0.0.1 " + proxy.port();
            assertThat(sh("echo hello | nc -N " + to)).isEqualTo("hello\nlate\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void theServerHasSaidAllAndStillListens(String kind) throws Exception {
        String target = target(kind);
        Files.writeString(folder.resolve("hello"), "hello\n");
        String files = "OPEN:" + folder.resolve("hello") + ",rdonly!!CREATE:" + folder.resolve("got");
        try (Server server = serve(target, files);
                RunningProxy proxy = RunningProxy.start(target)) {
            assertThat(server).isNotNull();
            assertThat(sh("(until grep -q hello said; do :; done; seq 100000) 2>/dev/null"
                            + " | socat -t30 - " + connect(proxy) + " >said; cat said"))
                    .isEqualTo("hello\n");
            Await.until(() -> sh("cat got | tail -1").equals("100000\n"));
        }
    }
}
