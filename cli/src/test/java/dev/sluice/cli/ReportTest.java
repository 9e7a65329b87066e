// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static String reportOf(Throwable failure, boolean verbose) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Report.failure(new PrintStream(bytes, true, StandardCharsets.UTF_8), failure, verbose);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFailureIsOneLine() {
        assertThat(reportOf(new Fault("read x: EIO (Input/output error)"), false))
                .isEqualTo("sluice: read x: EIO (Input/output error)\n");
        assertThat(reportOf(new IOException("a\nb"), false)).isEqualTo("sluice: a\\nb\n");
    }

    @Test
    void aFaultOfTheProgramSaysItsKind() {
        assertThat(reportOf(new IllegalStateException("x"), false))
                .isEqualTo("sluice: unexpected: java.lang.IllegalStateException: x\n");
    }

    @Test
    void theStackTraceIsForThoseWhoAsk() {
        assertThat(reportOf(new Fault("x"), true)).startsWith("sluice: x\n").contains("\tat dev.sluice.cli.ReportTest");
    }

    @Test
    void controlCharactersAreShownAndLettersKept() {
        assertThat(Report.oneLine("größe €\t\r\n\033[2J")).isEqualTo("größe €\\t\\r\\n\\x1b[2J");
    }
}
