// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the command shares with the shell that started it stays as it was: during a copy, after it, and after kill -9.
 */
@NeedsTool("python3")
class SharedFlagsIT {
    private static final String PROGRAM = """
            import fcntl, os, pty, signal, socket, subprocess, sys

            def ends(kind):
                "Two connected descriptors: ours, and the one to be inherited; for reading or for writing."
                if kind == "socket":
                    a, b = socket.socketpair()
                    return a.detach(), b.detach()
                if kind == "terminal":
                    master, slave = os.openpty()
                    return master, slave
                raise ValueError(kind)

            def streams(kind):
                if kind == "pipe":
                    source, sink = os.pipe(), os.pipe()
                    return source[1], source[0], sink[0], sink[1]
                return *ends(kind), *ends(kind)

            def flags(*descriptors):
                return [fcntl.fcntl(one, fcntl.F_GETFL) for one in descriptors]

            for kind in "pipe", "socket", "terminal":
                for way in "end", "kill":
                    feed, stdin, drain, stdout = streams(kind)
                    before = flags(stdin, stdout)
                    process = subprocess.Popen([os.environ["S"], "copy", "-", "-"], stdin=stdin, stdout=stdout)
                    os.write(feed, b"x\\n")
                    got = os.read(drain, 1)
                    during = flags(stdin, stdout)
                    if way == "kill":
                        process.kill()
                    elif kind == "terminal":
                        os.write(feed, b"\\x04")
                    elif kind == "socket":
                        os.close(feed)
                    else:
                        os.close(feed)
                    code = process.wait()
                    after = flags(stdin, stdout)
                    print(kind, way, got, code, during == before, after == before)
            """;

    @TempDir
    private Path folder;

    @Test
    void theyAreAsTheyWere() throws Exception {
        Sluice.Result result = Sluice.shell(folder, "python3 - <<'PYTHON'\n" + PROGRAM + "PYTHON\n");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                pipe end b'x' 0 True True
                pipe kill b'x' -9 True True
                socket end b'x' 0 True True
                socket kill b'x' -9 True True
                terminal end b'x' 0 True True
                terminal kill b'x' -9 True True
                """);
    }
}
