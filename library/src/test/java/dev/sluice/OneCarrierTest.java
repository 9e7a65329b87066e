// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A carrier thread that finds somebody in one of the scheduler's queues looks into no other: nobody who only yields may
 * be there for ever.
 */
@ExtendWith(NothingLeft.class)
class OneCarrierTest {
    @ParameterizedTest
    @ValueSource(strings = {"VIRTUAL", "PLATFORM", "copy"})
    void othersRunWhileItIsBusy(String how) throws Exception {
        List<String> java = Jvm.command(OneCarrier.class, how);
        java.add(1, "-Djdk.virtualThreadScheduler.parallelism=1");
        try (Child child = Child.start(new ProcessBuilder(java))) {
            try {
                child.stdout().setReadDeadline(Duration.ofSeconds(60));
                assertThat(Bytes.read(child.stdout())).isEqualTo("others ran\n");
                assertThat(child.waitFor()).isZero();
            } finally {
                child.process().destroyForcibly(); // one that fails would be busy for ever
            }
        }
    }
}
