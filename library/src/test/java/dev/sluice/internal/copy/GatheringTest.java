// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final long MIB = 1 << 20;

    private final Gathering gathering = new Gathering();

    @Test
    void paysOnceEightMebibytesHaveGone() {
        assertThat(costs()).isEqualTo(8 * MIB);
    }

    @Test
    void eachTryInVainDoublesThePriceUpToAGibibyte() {
        for (long price = 8; price < 1024; price *= 2) {
            assertThat(costs()).isEqualTo(price * MIB);
            gathering.wasLate();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(costs()).isEqualTo(1024 * MIB);
            gathering.wasLate();
        }
    }

    @Test
    void whatFlowsWhileItPaysIsNoPrice() {
        assertThat(costs()).isEqualTo(8 * MIB);
        gathering.moved(900 * MIB);
        assertThat(gathering.pays()).isTrue();
        gathering.wasLate();
        assertThat(costs()).isEqualTo(16 * MIB);
    }

    @Test
    void aFlowThatLastedMayTryAgainSoon() {
        for (int i = 0; i < 3; i++) {
            assertThat(costs()).isEqualTo((8 * MIB) << i);
            gathering.wasLate();
        }
        assertThat(costs()).isEqualTo(64 * MIB);
        gathering.moved(1024 * MIB);
        gathering.wasLate();
        assertThat(costs()).isEqualTo(8 * MIB);
    }

    /** How many bytes have to go until it pays. */
    private long costs() {
        long bytes = 0;
        while (!gathering.pays()) {
            gathering.moved(MIB);
            bytes += MIB;
        }
        return bytes;
    }
}
