// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NothingLeft.class)
class FollowerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path temp;

    private static String text(LogPart part) throws IOException {
        try (part) {
            return new String(part.descriptor().inputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void isToldOfWhatIsAppended(OnThread kind) throws Exception {
        try (ContainerLog log = ContainerLog.open(Logs.folder(temp), LogOptions.of(LogFormat.RAW));
                Follower follower = log.follow()) {
            Running<Boolean> waiting = kind.call(() -> follower.await(LONG)).awaitWaiting();
            Logs.append(log, Logs.line("a"));

            assertThat(waiting.get()).isTrue();
            assertThat(follower.await(Duration.ZERO)).isFalse();
            Logs.append(log, Logs.line("b"));
            assertThat(follower.await(LONG)).isTrue();
            assertThat(log.followers()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource(OnThread.class)
    void theEndOfTheLogAndAnInterruptEndTheWait(OnThread kind) throws Exception {
        ContainerLog log = ContainerLog.open(Logs.folder(temp), LogOptions.of(LogFormat.RAW));
        try (Follower follower = log.follow()) {
            Running<Boolean> waiting = kind.call(() -> follower.await(LONG)).awaitWaiting();
            waiting.interrupt();
            assertThat(waiting.failure()).isInstanceOf(InterruptedIOException.class);

            Running<Boolean> another = kind.call(() -> {
                        follower.await(LONG);
                        return follower.await(LONG);
                    })
                    .awaitWaiting();
            log.close();
            assertThat(another.get()).isFalse();
        }
    }

    @Test
    void itsOwnCloseEndsTheWait() throws Exception {
        try (ContainerLog log = ContainerLog.open(Logs.folder(temp), LogOptions.of(LogFormat.RAW))) {
            Follower follower = log.follow();
            Running<Boolean> waiting = OnThread.VIRTUAL.call(() -> follower.await(LONG)).awaitWaiting();
            follower.close();

            assertThat(waiting.get()).isFalse();
            assertThat(log.followers()).isZero();
        }
    }

    @Test
    void getsFilesThatHaveBeenDeleted() throws Exception {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 2, 2, false));
                Follower follower = log.follow()) {
            long sequence = Journal.rotations(folder, 0) / 2;
            for (char c = 'a'; c <= 'f'; c++) {
                Logs.append(log, Logs.line(String.valueOf(c)));
            }

            StringBuilder all = new StringBuilder();
            for (LogPart part = follower.take(0, sequence + 1); part != null; part = follower.take(0, ++sequence + 1)) {
                all.append(text(part));
            }
            assertThat(all.toString()).isEqualTo("b\nc\nd\ne\nf\n");
            assertThat(follower.take(1, 2)).isNull();
        }
    }

    @Test
    void whatIsHeldIsBounded() throws Exception {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 2, 2, false));
                Follower follower = log.follow()) {
            for (int i = 0; i < 100; i++) {
                Logs.append(log, Logs.line("x"));
            }

            assertThat(follower.take(0, 18)).isNull();
            assertThat(follower.take(0, 17)).isNull(); // closed, for a later one was asked for
        }
        try (ContainerLog log = ContainerLog.open(folder, Logs.options(LogFormat.RAW, 2, 2, false))) {
            try (Follower follower = log.follow()) {
                long sequence = Journal.rotations(folder, 0) / 2;
                for (int i = 0; i < 100; i++) {
                    Logs.append(log, Logs.line("x"));
                }
                LogPart last = Objects.requireNonNull(follower.take(0, sequence + 16));

                assertThat(text(last)).isEqualTo("x\n");
                assertThat(follower.take(0, sequence + 17)).isNull();
            }
        }
    }
}
