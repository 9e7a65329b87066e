// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots();
    private OpenDescriptor[] pipe;

    @BeforeEach
    void open() throws IOException {
        pipe = Opening.pipe();
    }

    @AfterEach
    void close() throws IOException {
        pipe[0].close();
        pipe[1].close();
    }

    @Test
    void anEventOfAnEarlierOwnerIsForNobody() {
        long data = slots.take(pipe[0]);
        slots.giveBack(data);
        long next = slots.take(pipe[1]);
        assertThat((int) next).as("the same slot").isEqualTo((int) data);
        assertThat(next).isNotEqualTo(data);
        assertThat(slots.owner(data)).isNull();
        assertThat(slots.staleEvents()).isEqualTo(1);
    }

    @Test
    void eachOwnerHasItsOwnSlotHoweverManyThereAre() {
        Set<Long> taken = new HashSet<>();
        List<Long> order = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            long data = slots.take(pipe[0]);
            taken.add(data);
            order.add(data);
        }
        assertThat(taken).hasSize(1000);
        assertThat(slots.inUse()).isEqualTo(1000);
        order.forEach(slots::giveBack);
        assertThat(slots.inUse()).isZero();
        assertThat(taken).as("never the same data again").doesNotContain(slots.take(pipe[1]));
    }

    /** Negative data means "not registered" to the descriptor: one that got it would never be told of anything. */
    @Test
    void dataIsNeverNegativeAlsoWhenASlotHasHadTwoBillionOwners() throws Exception {
        Field generations = Slots.class.getDeclaredField("generations");
        generations.setAccessible(true);
        Arrays.fill((int[]) generations.get(slots), Integer.MAX_VALUE);
        long last = slots.take(pipe[0]);
        assertThat(last).isPositive();
        slots.giveBack(last);
        long first = slots.take(pipe[0]);
        assertThat(first).isNotNegative().isNotEqualTo(last);
    }
}
