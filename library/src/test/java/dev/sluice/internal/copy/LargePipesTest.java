// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LargePipesTest {
    private static final List<String> ROOT = List.of("Name:\tjava", "CapEff:\t000001ffffffffff");
    private static final List<String> USER = List.of("Name:\tjava", "CapEff:\t0000000000000000");
    private static final List<String> BIG = List.of("MemTotal:       24576000 kB");

    @Test
    void anUnprivilegedUserTakesHalfOfTheKernelsQuota() {
        assertThat(LargePipes.allowed(USER, BIG)).isEqualTo(LargePipes.UNPRIVILEGED);
    }

    @Test
    void aPrivilegedOneIsBoundByMemory() {
        assertThat(LargePipes.allowed(ROOT, BIG)).isEqualTo(1024);
        assertThat(LargePipes.allowed(ROOT, List.of("MemTotal:  1048576 kB"))).isEqualTo(64);
        assertThat(LargePipes.allowed(ROOT, List.of("MemTotal:  131072 kB"))).isEqualTo(LargePipes.UNPRIVILEGED);
    }

    @Test
    void eitherCapabilityWillDo() {
        assertThat(LargePipes.allowed(List.of("CapEff:\t0000000001000000"), BIG)).isEqualTo(1024);
        assertThat(LargePipes.allowed(List.of("CapEff:\t0000000000200000"), BIG)).isEqualTo(1024);
        assertThat(LargePipes.allowed(List.of("CapEff:\t0000000000000400"), BIG)).isEqualTo(LargePipes.UNPRIVILEGED);
    }

    @Test
    void whatIsNotThereCountsForLittle() {
        assertThat(LargePipes.allowed(List.of(), List.of())).isEqualTo(LargePipes.UNPRIVILEGED);
        assertThat(LargePipes.allowed(ROOT, List.of())).isEqualTo(LargePipes.UNPRIVILEGED);
    }

    @Test
    void theMachineSays() {
        assertThat(LargePipes.allowed()).isGreaterThanOrEqualTo(LargePipes.UNPRIVILEGED);
    }
}
