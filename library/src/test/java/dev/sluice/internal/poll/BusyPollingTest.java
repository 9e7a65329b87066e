// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyPollingTest {
    private static final long MICRO = 1_000;
    private static final long SECOND = 1_000_000 * MICRO;

    private long now = 12_345;
    private final BusyPolling polling = new BusyPolling(2, now);

    @Test
    void goesOnAsLongAsEventsAreFoundSoon() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(paysAfter(13 * MICRO)).isTrue();
            polling.ended(true, 13 * MICRO);
        }
    }

    @Test
    void endsWhereNoneAreFoundAndTakesOnePartInFiftyFromThenOn() {
        assertThat(lookInVainFor(SECOND)).isBetween(SECOND / 50 - 100 * MICRO, SECOND / 50 + 600 * MICRO);
    }

    @Test
    void endsWhereFindingThemTakesLongerThanAWaitCosts() {
        int looks = 0;
        for (int i = 0; i < 100_000; i++) {
            if (paysAfter(40 * MICRO)) {
                polling.ended(true, 40 * MICRO);
                looks++;
            }
        }
        assertThat(looks).isBetween(1_000, 10_000);
    }

    @Test
    void beginsAgainSoonAfterALongTimeInVain() {
        lookInVainFor(SECOND);
        long since = now;
        while (!paysAfter(100 * MICRO)) {
            assertThat(now - since).isLessThan(100 * 1_000 * MICRO);
        }
        polling.ended(true, 10 * MICRO);
        assertThat(paysAfter(10 * MICRO)).isTrue();
    }

    @Test
    void aLongPauseIsNoFortune() {
        assertThat(paysAfter(1_000_000L * SECOND)).isTrue();
        int looks = 0;
        while (paysAfter(0)) {
            polling.ended(false, 50 * MICRO);
            looks++;
        }
        assertThat(looks).isEqualTo(10);
    }

    @Test
    void neverPaysWithOneProcessor() {
        assertThat(new BusyPolling(1, 0).pays(SECOND)).isFalse();
    }

    private boolean paysAfter(long nanos) {
        now += nanos;
        return polling.pays(now);
    }

    /** Answers how much of that time was spent looking. */
    private long lookInVainFor(long nanos) {
        long end = now + nanos;
        long spent = 0;
        while (now < end) {
            if (paysAfter(100 * MICRO)) {
                polling.ended(false, 50 * MICRO);
                now += 50 * MICRO;
                spent += 50 * MICRO;
            }
        }
        return spent;
    }
}
