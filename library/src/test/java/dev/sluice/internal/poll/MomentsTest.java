// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Deadline} at the ends of what a long can hold, and {@link Pace}. */
class MomentsTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, -1_000_000_000, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE / 2})
    void whatIsNotPositiveHasPassed(long nanos) {
        long moment = Deadline.after(nanos);
        assertThat(Deadline.passed(moment)).isTrue();
        assertThat(Deadline.remaining(moment)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {60_000_000_000L, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE / 2})
    void whatLiesAheadHasNotHoweverFar(long nanos) {
        long moment = Deadline.after(nanos);
        assertThat(Deadline.passed(moment)).isFalse();
        assertThat(Deadline.remaining(moment)).isPositive();
        assertThat(Deadline.earlier(moment, Deadline.after(1))).isNotEqualTo(moment);
        assertThat(Deadline.earlier(Deadline.after(-1), moment)).isNotEqualTo(moment);
    }

    @Test
    void noneIsNeverAndLaterThanAll() {
        long moment = Deadline.after(TimeUnit.DAYS.toNanos(1));
        assertThat(Deadline.passed(Deadline.NONE)).isFalse();
        assertThat(Deadline.remaining(Deadline.NONE)).isNegative();
        assertThat(Deadline.earlier(Deadline.NONE, moment)).isEqualTo(moment);
        assertThat(Deadline.earlier(moment, Deadline.NONE)).isEqualTo(moment);
        assertThat(Deadline.earlier(Deadline.NONE, Deadline.NONE)).isEqualTo(Deadline.NONE);
    }

    @Test
    void aPaceGrowsFromOneMillisecondToTwenty() {
        try (Pace pace = new Pace()) {
            long last = 0;
            for (int i = 0; i < 10; i++) {
                long delay = Deadline.remaining(pace.next());
                assertThat(delay).isBetween(last - 1_000_000, TimeUnit.MILLISECONDS.toNanos(20));
                last = delay;
            }
            assertThat(last).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(15));
        }
    }

    @Test
    void aThousandLookMoreSlowly() {
        Pace[] paces = new Pace[1000];
        for (int i = 0; i < paces.length; i++) {
            paces[i] = new Pace();
        }
        long delay = 0;
        for (int i = 0; i < 20; i++) {
            delay = Deadline.remaining(paces[0].next());
        }
        for (Pace pace : paces) {
            pace.close();
        }
        assertThat(delay).isBetween(TimeUnit.MILLISECONDS.toNanos(90), TimeUnit.MILLISECONDS.toNanos(110));
    }
}
