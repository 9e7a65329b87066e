// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.Needs;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel moves the bytes: seen in the system calls themselves, and not only in what the command says of itself. */
@NeedsTool("strace")
class SpliceIT {
    private static final int SIZE = 8 << 20;
    private static final Pattern MOVED =
            Pattern.compile("(splice|copy_file_range)\\b.*= (\\d+)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        Needs.check(Sluice.shell(folder, "strace -o /dev/null true").exit() == 0, "the right to trace");
        Files.write(folder.resolve("in"), new byte[SIZE]);
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    private long moved(String call) throws Exception {
        long sum = 0;
        Matcher matcher = MOVED.matcher(Files.readString(folder.resolve("trace")));
        while (matcher.find()) {
            if (matcher.group(1).equals(call)) {
                sum += Long.parseLong(matcher.group(2));
            }
        }
        return sum;
    }

    @Test
    void betweenPipes() throws Exception {
        Result result =
                sh("cat in | strace -f -o trace -e trace=splice \"$S\" copy --stats=json - - | cmp - in");
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("\"bytes\":" + SIZE).contains("\"spliced\":" + moved("splice"));
        assertThat(moved("splice")).isGreaterThan(SIZE / 2);
    }

    @Test
    void betweenFiles() throws Exception {
        Result result = sh("strace -f -o trace -e trace=copy_file_range \"$S\" copy --stats=json in out; cmp in out");
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("\"spliced\":" + SIZE);
        assertThat(moved("copy_file_range")).isEqualTo(SIZE);
    }

    @Test
    void aRefusalFallsBackToCopying() throws Exception {
        Result result = sh("cat in | strace -f -o trace -e trace=splice -e inject=splice:error=EPERM"
                + " \"$S\" copy --stats=json - - | cmp - in");
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("\"bytes\":" + SIZE).contains("\"spliced\":0,\"copied\":" + SIZE);
        assertThat(Files.readString(folder.resolve("trace"))).contains("EPERM");
    }
}
