// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SluiceTest {
    @ParameterizedTest
    @CsvSource({"Linux,amd64,true", "Linux,aarch64,true", "Linux,riscv64,false", "Mac OS X,aarch64,false", "'','',false"})
    void linuxOnTwoArchitecturesIsSupported(String os, String arch, boolean supported) {
        assertThat(Sluice.supports(os, arch)).isEqualTo(supported);
    }

    @Test
    void testsRunOnASupportedMachine() {
        assertThat(Sluice.isSupported()).isTrue();
    }
}
