// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.internal.linux.Constants;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingTest {
    /** Such a driver is rare. A virtual thread would wait for ever, and a platform thread try again without end. */
    @ParameterizedTest
    @EnumSource
    void whatAnswersEagainAndCannotBePolledIsAnError(OnThread kind) throws Exception {
        OpenDescriptor device = Opening.open(Path.of("/dev/null"), Constants.O_RDONLY, 0);
        Running<Boolean> waiting = kind.run(() -> {
            Side side = device.readSide();
            side.begin();
            try {
                side.prepare();
                side.await();
            } finally {
                side.end();
            }
        });
        try {
            Awaitility.await().atMost(Duration.ofSeconds(3)).until(waiting::isDone);
            assertThat(waiting.failure()).isInstanceOf(IOException.class).hasMessageContaining("cannot be polled");
        } finally {
            device.close();
        }
    }
}
