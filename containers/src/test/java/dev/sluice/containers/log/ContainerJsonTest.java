// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-24T15:25:04.123456789Z");

    private static ContainerState state(String text, @Nullable Instant ended) {
        LogOptions options = new LogOptions(LogFormat.CRI, 10 << 20, 5, true, Map.of(text, text));
        ContainerDescription description =
                new ContainerDescription("id-1", text, text, NOW, Driver.CONTAINERD, options);
        return new ContainerState(
                description,
                NOW,
                ended,
                "boot",
                List.of(
                        new SavedSource("stdout", Carries.STDOUT, "", 7),
                        new SavedSource("f", Carries.DOCKER_FRAMES, "/run/" + text, Long.MAX_VALUE)),
                3,
                4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\"quo\\ted\"", "a\nb\tc\u0000d\u001f", "ä€\ud83d\ude00", "\ud83d", "{\"a\":1}"})
    void whatIsWrittenIsReadBack(String text) {
        for (boolean live : new boolean[] {true, false}) {
            ContainerState state = state(text, live ? null : NOW);

            assertThat(ContainerJson.read(ContainerJson.write(state))).isEqualTo(state);
        }
    }

    @Test
    void whatALaterVersionSaysBesidesIsPassedOver() {
        String text = ContainerJson.write(state("x", null)).replaceFirst("\\{", "{\"new\":[1,{}],");

        assertThat(ContainerJson.read(text)).isEqualTo(state("x", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "7", "{", "{}", "{\"id\":1}", "{\"id\":\"a\",\"created\":\"yesterday\"}"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ContainerJson.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
