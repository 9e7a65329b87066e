// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGINT and SIGTERM end a copy in good order. */
class SignalsIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        Sluice.shell(folder, "mkfifo fifo other; echo x >in").succeeded();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void aQuietCopyEndsWithTheCodeThatShellsKnow(String signal, int code) throws Exception {
        Process copy = Sluice.command("copy", "--stats=json", "-", "-").start();
        copy.getOutputStream().write('x');
        copy.getOutputStream().flush();
        assertThat(copy.getInputStream().read()).isEqualTo('x');
        Await.until(() -> Processes.isPolling(copy));

        Processes.signal(copy, signal);

        // Its input stays open until it has ended.
        assertThat(copy.waitFor()).isEqualTo(code);
        assertThat(Result.of(copy).err()).matches("\\{\"bytes\":1,.*\"end\":\"interrupted\".*}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fifo:fifo -",
                "in fifo:fifo",
                "'fifo:fifo?keep' 'fifo:other?keep'",
                "'exec:sleep 50; sleep 50' -",
                "in 'exec:sleep 50; sleep 50'"
            })
    void whateverItWaitsFor(String addresses) throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy " + addresses).start();
        Await.until(() -> addresses.contains("exec") ? copy.descendants().count() == 2 : Processes.isPolling(copy));
        Processes.signal(copy, "TERM");
        assertThat(copy.waitFor()).isEqualTo(143);
        // This also waits for whoever has inherited it.
        assertThat(copy.getErrorStream().readAllBytes()).isEmpty();
    }

    /** Ctrl-C goes to the command too, and which of the two notices first is chance: it is told once. */
    @ParameterizedTest
    @ValueSource(strings = {"'exec:exec sleep 50' -", "- 'exec:exec sleep 50'"})
    void aCommandThatGotTheSameSignalFirst(String addresses) throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy " + addresses).start();
        Await.until(() -> copy.descendants().count() == 1 && Processes.isPolling(copy));
        ProcessHandle command = copy.descendants().findFirst().orElseThrow();
        Sluice.shell(folder, "kill -INT " + command.pid() + "; sleep 0.05; kill -INT " + copy.pid())
                .succeeded();
        assertThat(copy.waitFor()).isEqualTo(130);
        assertThat(copy.getErrorStream().readAllBytes()).isEmpty();
    }

    /** Fills a pipe that nobody reads, until bytes are in transit: taken from the file, and not written yet. */
    private static final String FILL = """
            position() { sed -n 's/^pos:[^0-9]*//p' /proc/$$/fdinfo/3; }
            head -c 1M /dev/urandom >big
            exec 3<big 4<>fifo
            "$S" copy --stats=json fd:3 fifo:fifo 2>stats & copy=$!
            until [ $(position) -gt 65536 ]; do sleep 0.01; done
            kill -TERM $copy
            until grep -q sluice-signal /proc/$copy/task/*/comm; do sleep 0.01; done
            """;

    @Test
    void whatIsInTransitIsDelivered() throws Exception {
        Result result = Sluice.shell(folder, FILL + """
                cat fifo >got 3<&- 4<&- & exec 4<&-
                wait $copy; echo $?
                wait; cmp -n $(position) got big && stat -c %s got && position && cat stats""");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).matches("143\n131072\n131072\n\\{\"bytes\":131072,.*\"end\":\"interrupted\".*}\n");
    }

    @Test
    void whatNobodyTakesIsGivenBackToAFile() throws Exception {
        Result result = Sluice.shell(folder, FILL + "wait $copy; echo $?; position; cat stats");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).matches("143\n65536\n\\{\"bytes\":65536,.*\"end\":\"interrupted\".*}\n");
    }
}
