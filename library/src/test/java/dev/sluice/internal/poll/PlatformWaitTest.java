// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.OpenFiles;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class PlatformWaitTest {
    private static final String EVENT_DESCRIPTORS = "[eventfd]";

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

    private long read() throws IOException {
        return Reading.read(pipe[0], MemorySegment.ofArray(new byte[10]));
    }

    @Test
    void waitsGoRoundSoTheirEventDescriptorsAreNoMoreThanWaitedAtOnce() throws Exception {
        int together = 20;
        waitTogether(together);
        long before = OpenFiles.count(EVENT_DESCRIPTORS);
        assertThat(before).isGreaterThanOrEqualTo(together);
        waitTogether(together);
        for (int i = 0; i < 500; i++) {
            Control.setDeadline(pipe[0].readSide(), Deadline.after(i % 50 * 1000));
            assertThat(OnThread.PLATFORM.call(this::read).failure()).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(OpenFiles.count(EVENT_DESCRIPTORS)).isEqualTo(before);
    }

    private static void waitTogether(int count) throws Exception {
        List<OpenDescriptor[]> pipes = new ArrayList<>();
        List<Running<Long>> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OpenDescriptor[] own = Opening.pipe();
            pipes.add(own);
            waits.add(OnThread.PLATFORM.call(() -> Reading.read(own[0], MemorySegment.ofArray(new byte[10]))));
        }
        for (Running<Long> wait : waits) {
            wait.awaitWaiting();
        }
        for (OpenDescriptor[] own : pipes) {
            own[1].close();
        }
        for (int i = 0; i < count; i++) {
            assertThat(waits.get(i).get()).isEqualTo(Reading.END);
            pipes.get(i)[0].close();
        }
    }

    /** A wake-up may come after its wait is over and borrowed by somebody else: that one looks, and waits on. */
    @Test
    void aWakeUpThatComesTooLateEndsNobodyElsesWait() throws Exception {
        PlatformWait wait = PlatformWait.acquire();
        wait.release();
        Running<Long> reading = OnThread.PLATFORM.call(this::read).awaitWaiting();
        for (int i = 0; i < 100; i++) {
            wait.wakeup();
        }
        assertThat(Running.staysWaiting(reading)).isTrue();
        Writing.write(pipe[1], MemorySegment.ofArray(new byte[3]));
        assertThat(reading.get()).isEqualTo(3);
    }

    @Test
    void anInterruptThatComesWithTheEndOfAWaitHarmsNoLaterOne() throws Exception {
        for (int i = 0; i < 500; i++) {
            Running<Long> reading = OnThread.PLATFORM.call(this::read);
            Running<Boolean> writing =
                    OnThread.PLATFORM.run(() -> Writing.write(pipe[1], MemorySegment.ofArray(new byte[1])));
            reading.interrupt();
            writing.get();
            long count;
            try {
                count = reading.get();
            } catch (InterruptedIOException interrupted) {
                count = OnThread.PLATFORM.call(this::read).get();
            }
            assertThat(count).isEqualTo(1);
        }
    }
}
