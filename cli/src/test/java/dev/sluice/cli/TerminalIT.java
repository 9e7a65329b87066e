// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a terminal. */
@NeedsTool("python3")
class TerminalIT {
    /** Runs a program with its standard error, and more if asked for, on a terminal; prints what came there. */
    private static final String ON_A_TERMINAL = """
            import fcntl, os, pty, struct, subprocess, sys, termios
            columns, streams, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
            master, slave = os.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            settings = termios.tcgetattr(slave)
            settings[1] &= ~termios.OPOST
            settings[3] &= ~termios.ECHO
            termios.tcsetattr(slave, termios.TCSANOW, settings)
            process = subprocess.Popen(command, stderr=slave, stdin=slave if "i" in streams else None,
                                       stdout=slave if "o" in streams else None)
            os.close(slave)
            if "i" in streams:
                os.write(master, b"typed\\n\\x04")
            shown = b""
            while True:
                try:
                    shown += os.read(master, 4096)
                except OSError:
                    break
            print(repr(shown.decode()))
            sys.exit(process.wait())
            """;

    @TempDir
    private Path folder;

    private Result onTerminal(int columns, String streams, String command) throws Exception {
        return Sluice.shell(
                folder,
                "cat >terminal.py <<'PYTHON'\n" + ON_A_TERMINAL + "PYTHON\n"
                        + "python3 terminal.py " + columns + " '" + streams + "' \"$S\" " + command);
    }

    @Test
    void progressIsOneLineRedrawnInPlace() throws Exception {
        // Slow enough to be redrawn: what is copied comes in three portions.
        Result result = onTerminal(
                70, "", "copy -p -n 3K 'exec:for i in 1 2 3; do head -c 1024 /dev/zero; sleep 0.3; done' null:");
        assertThat(result.exit()).isZero();
        String[] lines = result.out().strip().replaceAll("^'|'$", "").split("\\\\r");
        assertThat(lines.length).as(result.out()).isGreaterThan(3);
        assertThat(lines[0]).isEmpty();
        for (int i = 1; i < lines.length; i++) {
            assertThat(lines[i]).matches(" +\\d.* i?B? +.*B/s  \\d:\\d\\d.*\\\\x1b\\[K(\\\\n)?");
            assertThat(lines[i].replaceAll("\\\\x1b.*", "")).hasSizeLessThan(70);
        }
        assertThat(lines[lines.length - 1]).contains("3.00 KiB").contains("[====").contains("100 %").endsWith("\\n");
        assertThat(result.out()).contains(" left");
    }

    @Test
    void progressFitsANarrowTerminal() throws Exception {
        Result result = onTerminal(20, "", "copy -p -n 3K /dev/zero null:");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).matches("'(\\\\r.{1,19}\\\\x1b\\[K)+\\\\n'\n");
    }

    @Test
    void aTerminalIsCopiedFromAndTo() throws Exception {
        assertThat(onTerminal(80, "io", "copy - -")).isEqualTo(new Result(0, "'typed\\n'\n", ""));
    }
}
