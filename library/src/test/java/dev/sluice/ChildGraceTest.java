// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildGraceTest {
    /** The grandchild keeps the output open until somebody opens the FIFO: for as long as the test likes. */
    private static ProcessBuilder withGrandchild(Path fifo) {
        return new ProcessBuilder("sh", "-c", "(read line < " + fifo + "; echo late) & echo early")
                .redirectError(Redirect.INHERIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void outputEndsAfterTheGraceAlthoughAGrandchildHoldsIt(boolean copied, @TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("until");
        Fifo.create(fifo);
        try (Child child = Child.start(withGrandchild(fifo)).outputGrace(Duration.ofMillis(50));
                Pipe to = Pipe.open()) {
            if (copied) {
                CopyResult result = Copy.from(child.stdout()).to(to.sink()).run();
                assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
                assertThat(result.bytes()).isEqualTo("early\n".length());
            } else {
                assertThat(new String(child.stdout().inputStream().readAllBytes(), US_ASCII)).isEqualTo("early\n");
            }
            assertThat(child.process().isAlive()).isFalse();
            Fifo.connect(fifo, StandardOpenOption.WRITE).close();
        }
    }

    @Test
    void withoutAGraceTheGrandchildIsHeard(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("until");
        Fifo.create(fifo);
        try (Child child = Child.start(withGrandchild(fifo))) {
            assertThat(child.waitFor()).isZero();
            Fifo.connect(fifo, StandardOpenOption.WRITE).close();
            assertThat(new String(child.stdout().inputStream().readAllBytes(), US_ASCII)).isEqualTo("early\nlate\n");
        }
    }
}
