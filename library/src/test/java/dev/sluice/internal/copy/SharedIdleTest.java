// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SharedIdleTest {
    @Test
    void whatMovesPutsItOff() {
        Idle idle = new Idle(Duration.ofHours(1).toNanos());
        idle.touch();
        long first = idle.until();
        Awaitility.await().until(() -> {
            idle.touch();
            return idle.until() != first;
        });
        assertThat(idle.passed()).isFalse();
        assertThat(idle.isOver()).isFalse();
    }

    /** A byte that one direction moves, right after the other one has found that it is over. */
    @Test
    void whatIsOverForOneIsOverForTheOther() {
        Idle idle = new Idle(1);
        idle.touch();
        Awaitility.await().until(idle::passed);
        Idle next = idle.anew();

        for (int i = 0; i < 100; i++) {
            idle.touch();
            assertThat(idle.isOver()).isTrue();
            assertThat(idle.passed()).isTrue();
        }
        assertThat(next.isOver()).isFalse();
    }
}
