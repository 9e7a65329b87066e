// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files come and go while a reader of the same process sleeps. */
@ExtendWith(NothingLeft.class)
class FollowedRotationTest {
    private static final int BURSTS = 50;
    private static final int FILES_IN_A_BURST = 12;

    @TempDir
    private Path temp;

    @Test
    void nothingIsLostThoughOnlyTwoFilesAreKept() throws Exception {
        ContainerFolder folder = Logs.folder(temp);
        Semaphore caughtUp = new Semaphore(0);
        List<String> written = new ArrayList<>();
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.CRI, 10, 2, true));
                LogReader reader = LogReader.open(folder, following())) {
            Running<List<String>> reading = OnThread.VIRTUAL.call(() -> read(reader, caughtUp));
            for (int burst = 0; burst < BURSTS; burst++) {
                for (int i = 0; i < FILES_IN_A_BURST; i++) {
                    written.add(burst + "." + i);
                    Logs.append(log, Logs.line(written.getLast()));
                }
                assertThat(caughtUp.tryAcquire(FILES_IN_A_BURST, 20, TimeUnit.SECONDS)).isTrue();
            }

            assertThat(reading.get()).isEqualTo(written);
            assertThat(reader.missedFiles()).isZero();
            assertThat(log.rotations()).isGreaterThanOrEqualTo(BURSTS * FILES_IN_A_BURST - 1);
        }
    }

    /** Those that he found by their names are not held for him any more. */
    @Test
    void aReaderThatWasAlwaysInTimeIsAsPatientlyWaitedForAsAnother() throws Exception {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.CRI, 10, 2, true));
                LogReader reader = LogReader.open(folder, following())) {
            for (int i = 0; i < BURSTS; i++) {
                Logs.append(log, Logs.line("in time " + i));
                assertThat(Objects.requireNonNull(reader.poll()).text()).isEqualTo("in time " + i);
            }
            for (int i = 0; i < FILES_IN_A_BURST; i++) {
                Logs.append(log, Logs.line("burst " + i));
            }

            for (int i = 0; i < FILES_IN_A_BURST; i++) {
                assertThat(Objects.requireNonNull(reader.poll()).text()).isEqualTo("burst " + i);
            }
            assertThat(reader.missedFiles()).isZero();
        }
    }

    private static List<String> read(LogReader reader, Semaphore caughtUp) throws IOException {
        List<String> read = new ArrayList<>();
        while (read.size() < BURSTS * FILES_IN_A_BURST) {
            read.add(Objects.requireNonNull(reader.next()).text());
            caughtUp.release();
        }
        return read;
    }

    private static Selection following() {
        return Selection.everything().following();
    }
}
