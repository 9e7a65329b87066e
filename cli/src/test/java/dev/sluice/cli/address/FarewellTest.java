// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Connection;
import dev.sluice.Listener;
import dev.sluice.cli.address.Opened.Leave;
import dev.sluice.cli.address.Opened.Verdict;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that says its last word first, and reads what it is told when it likes. */
class FarewellTest {
    private Connection ours;
    private Connection peer;

    @BeforeEach
    void connect() throws IOException {
        try (Listener listener = Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            ours = Connection.connect(listener.localAddress());
            peer = listener.accept();
        }
        peer.shutdownWrite();
        try {
            ours.setWriteDeadline(Duration.ofMillis(300));
            for (;;) {
                ours.write(ByteBuffer.allocate(1 << 16));
            }
        } catch (SocketTimeoutException full) {
            ours.clearWriteDeadline();
        }
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        peer.close();
    }

    private static Leave leave(@Nullable Duration patience) {
        return new Leave(true, true, false, patience, null);
    }

    @Test
    void itHasNotGotAllBeforeItReads() throws Exception {
        assertThat(Farewell.say(ours, leave(Duration.ofMillis(200)))).isEqualTo(Verdict.LATE);
    }

    @Test
    void itIsWaitedForUntilItHas() throws Exception {
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                while (peer.read(buffer.clear()) >= 0) {
                    // all of it
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        assertThat(Farewell.say(ours, leave(Duration.ofSeconds(30)))).isEqualTo(Verdict.DONE);
        reader.join();
    }

    @Test
    void itMayGoWithoutIt() throws Exception {
        peer.abort();
        assertThat(Farewell.say(ours, leave(Duration.ofSeconds(30)))).isEqualTo(Verdict.GONE);
    }

    /** Its reset comes while it is waited for, and the end of reading hides it. */
    @Test
    void itMayGoMeanwhile() throws Exception {
        Running<Verdict> farewell = OnThread.VIRTUAL.call(() -> Farewell.say(ours, leave(Duration.ofSeconds(30))));
        assertThat(Running.staysWaiting(farewell)).isTrue();
        peer.abort();
        assertThat(farewell.get()).isEqualTo(Verdict.GONE);
    }
}
