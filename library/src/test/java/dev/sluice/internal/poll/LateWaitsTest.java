// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LateWaitsTest {
    private final Latch latch = new Latch();
    private final LateWaits waits = new LateWaits();
    private final LateWaits.Watch watch = new LateWaits.Watch(latch);

    @Test
    void aWaitThatIsFoundTwiceIsEnded() {
        waits.add(watch);
        begin();
        waits.look();
        assertThat(latch.isReady()).isFalse();
        waits.look();
        assertThat(latch.isReady()).isTrue();
        assertThat(watch.wasLate()).isTrue();
    }

    @Test
    void theNextOneIsNotLate() {
        waits.add(watch);
        begin();
        waits.look();
        waits.look();
        latch.clear();
        begin();
        assertThat(watch.wasLate()).isFalse();
        waits.look();
        assertThat(latch.isReady()).isFalse();
    }

    @Test
    void waitsThatFollowOneAnotherAreNotEnded() {
        waits.add(watch);
        for (int i = 0; i < 10; i++) {
            latch.clear();
            begin();
            waits.look();
            assertThat(latch.isReady()).isFalse();
        }
    }

    @Test
    void whoDoesNotWaitIsLeftAlone() {
        waits.add(watch);
        begin();
        latch.clear();
        waits.look();
        waits.look();
        assertThat(latch.isReady()).isFalse();
        assertThat(watch.wasLate()).isFalse();
    }

    @Test
    void noneIsEndedWhoHasLeft() {
        LateWaits.Watch other = new LateWaits.Watch(new Latch());
        waits.add(other);
        waits.add(watch);
        waits.remove(watch);
        assertThat(waits.count()).isEqualTo(1);
        begin();
        waits.look();
        waits.look();
        assertThat(latch.isReady()).isFalse();
    }

    private void begin() {
        assertThat(latch.enlist(Thread.ofVirtual().unstarted(() -> {}))).isTrue();
        watch.begins();
    }
}
