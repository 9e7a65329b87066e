// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AcceptedTest {
    private static final int ROUNDS = 2_000;

    /** It may be told before it begins to wait for a peer, while it does, or in between. */
    @Test
    void aDestinationThatHasGoneAlreadyEndsTheWaitForAPeer() throws Exception {
        Accepted address = new Accepted(TcpPlace.listening("tcp-listen:127.0.0.1:0", "127.0.0.1:0"));
        for (int i = 0; i < ROUNDS; i++) {
            try (Pipe pipe = Pipe.open();
                    Opened destination = new Opened("a pipe", pipe.sink());
                    Opened source = address.source(null)) {
                pipe.source().close();
                assertThat(source.meet(destination, Duration.ofSeconds(20)))
                        .as("round %d", i)
                        .isFalse();
            }
        }
    }
}
