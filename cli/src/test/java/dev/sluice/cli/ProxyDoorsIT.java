// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a proxy listens beyond a plain port: files with permissions, and what systemd passes. */
class ProxyDoorsIT {
    /** Becomes the proxy, which finds a datagram socket between two that listen. */
    private static final String MANAGER = """
            import os, socket, sys
            def bound(name, kind):
                made = socket.socket(socket.AF_UNIX, kind)
                made.bind(name)
                return made
            one, other = bound("one", socket.SOCK_STREAM), bound("other", socket.SOCK_STREAM)
            datagrams = bound("datagrams", socket.SOCK_DGRAM)
            one.listen()
            other.listen()
            high = [os.dup2(made.fileno(), 100 + i) for i, made in enumerate([one, datagrams, other])]
            for i, fd in enumerate(high):
                os.dup2(fd, 3 + i)
            environment = dict(os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS="3")
            os.execve(os.environ["S"], ["sluice", "proxy"] + sys.argv[1:], environment)
            """;

    @TempDir
    private Path folder;

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    @Test
    void theFileOfAListenerGetsThePermissionsThatAreAskedFor() throws Exception {
        Result result = sh("""
                umask 027
                "$S" proxy 'unix:front?mode=0666' unix:back 2>err & proxy=$!
                until [ -s err ]; do sleep 0.01; done
                cat err; stat -c %a front
                kill $proxy; wait $proxy
                "$S" copy 'unix-listen:a?b?mode=0600' null: & copy=$!
                until [ -S 'a?b' ]; do sleep 0.01; done
                stat -c %a 'a?b'
                "$S" copy null: 'unix:a?b?' && wait $copy && ls""");
        assertThat(result.succeeded().out()).isEqualTo("sluice: listening on unix:front\n640\n600\nerr\n");
    }

    @Test
    @NeedsTool("python3")
    void allTheListenersThatAreInherited() throws Exception {
        Files.writeString(folder.resolve("manager.py"), MANAGER);
        Result result = sh("""
                exec 2>/dev/null
                python3 manager.py --grace 0 --max-connections 1 systemd: unix:back 2>err & proxy=$!
                until [ "$(grep -c listening err)" = 2 ]; do sleep 0.01; done
                for front in one other one; do
                    echo "by $front" | "$S" copy - unix-listen:back & server=$!
                    until [ -S back ]; do sleep 0.01; done
                    "$S" copy unix:$front - && wait $server
                done
                kill $proxy; wait $proxy; echo $?; cut -d' ' -f1-4 err""");
        assertThat(result.out())
                .isEqualTo("by one\nby other\nby one\n143\n"
                        + "sluice: listening on systemd:\nsluice: listening on systemd:\n");
    }

    @Test
    @NeedsTool("systemd-socket-activate")
    void systemdsOwnToolIsUnderstood() throws Exception {
        Result result = sh("""
                echo content >in
                "$S" copy in unix-listen:back & server=$!
                until [ -S back ]; do sleep 0.01; done
                systemd-socket-activate -E SLUICE_JAVA_HOME --listen="$PWD/front" "$S" proxy systemd: unix:back 2>err &
                proxy=$!
                until [ -S front ]; do sleep 0.01; done
                "$S" copy unix:front - && wait $server
                kill $proxy; wait $proxy; echo $?; grep -c 'sluice: listening on systemd: (.*/front)' err""");
        assertThat(result.succeeded().out()).isEqualTo("content\n143\n1\n");
    }
}
