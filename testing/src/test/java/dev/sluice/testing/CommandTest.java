// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void tellsWhatCameOfIt() {
        Command.Outcome outcome =
                Command.of("sh", "-c", "cat; echo out; echo err >&2; exit 3").outcome(Duration.ofSeconds(20));
        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.text()).isEqualTo("out\n");
        assertThat(outcome.errorText()).isEqualTo("err\n");
    }

    @Test
    void whatMustGoWellAndDoesNotIsToldWithItsReason() {
        assertThatThrownBy(() -> Command.of("sh", "-c", "echo why >&2; exit 1").run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("why");
    }

    @Test
    void whatTakesTooLongIsKilled() {
        Command endless = Command.of("sleep", "1000");
        assertThatThrownBy(() -> endless.outcome(Duration.ofMillis(50)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not done");
    }
}
