// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "42, 42",
        "42B, 42",
        "1K, 1024",
        "1k, 1024",
        "1KiB, 1024",
        "1KB, 1000",
        "1kB, 1000",
        "10M, 10485760",
        "10MB, 10000000",
        "1.5K, 1536",
        "2G, 2147483648",
        "1T, 1099511627776",
        "3P, 3377699720527872",
        "7E, 8070450532247928832",
        "9223372036854775807, 9223372036854775807",
    })
    void whatUsersWrite(String text, long bytes) {
        assertThat(Sizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "K", "-1", "+1", "1 K", "1KK", "1.M", ".5M", "0.3K", "8E", "9223372036854775808", "1e3", "١"})
    void whatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sizes.parse(text))
                .withMessageStartingWith("'" + text + "' is no");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "10239, 10.0 KiB",
        "1048000, 1023 KiB",
        "1048575, 1.00 MiB",
        "1299227607, 1.21 GiB",
        "9223372036854775807, 8.00 EiB",
    })
    void whatUsersRead(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }
}
