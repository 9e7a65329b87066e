// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.net.Sockets;
import dev.sluice.internal.poll.Kind;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Side;
import dev.sluice.internal.poll.Writing;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which pipes are lent, kept and closed. */
@ExtendWith(NothingLeft.class)
class PipePoolTest {
    private static final int SOCK_STREAM = 1;
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final int LARGE = 8;

    private final CallState state = CallState.acquire();
    private final PipePool pool = new PipePool(SHORT, () -> LARGE);
    private OpenDescriptor[] pair;

    @BeforeEach
    void open() throws IOException {
        pair = Sockets.pair(Kind.STREAM_SOCKET, SOCK_STREAM);
    }

    @AfterEach
    void close() throws IOException {
        pair[0].close();
        pair[1].close();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pool.open() == 0);
        state.release();
    }

    private PooledPipe acquire(boolean large) {
        return Objects.requireNonNull(pool.acquire(state, large));
    }

    @Test
    void lendsTheOneThatWasGivenBackLast() {
        PooledPipe one = acquire(false);
        PooledPipe other = acquire(false);
        assertThat(other).isNotSameAs(one);
        pool.release(state, other);
        pool.release(state, one);
        assertThat(acquire(false)).isSameAs(one);
        assertThat(acquire(false)).isSameAs(other);
        pool.release(state, one);
        pool.release(state, other);
    }

    @Test
    void keepsNoMoreThanItsBound() {
        List<PooledPipe> lent = new ArrayList<>();
        for (int i = 0; i < PipePool.KEPT + 10; i++) {
            lent.add(acquire(false));
        }
        assertThat(pool.open()).isEqualTo(PipePool.KEPT + 10);
        lent.forEach(pipe -> pool.release(state, pipe));
        assertThat(pool.idle()).isBetween(1, PipePool.KEPT);
        assertThat(pool.open()).isEqualTo(pool.idle());
    }

    @Test
    void closesThoseThatAreNotNeeded() {
        PooledPipe used = acquire(false);
        PooledPipe needed = acquire(false);
        PooledPipe unused = acquire(false);
        pool.release(state, unused);
        Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(1)).until(() -> {
            pool.release(state, needed); // the one on top of the stack is lent again and again
            assertThat(acquire(false)).isSameAs(needed);
            return pool.open() == 2;
        });
        assertThat(pool.idle()).isZero();
        pool.release(state, needed);
        pool.release(state, used);
    }

    @Test
    void growsThoseThatAreAskedForUpToItsBound() {
        List<PooledPipe> lent = new ArrayList<>();
        for (int i = 0; i < LARGE + 2; i++) {
            lent.add(acquire(true));
        }
        assertThat(lent.stream().filter(PooledPipe::isLarge)).hasSize(pool.large());
        assertThat(pool.large()).isBetween(1, LARGE);
        lent.forEach(pipe -> pool.release(state, pipe));
        PooledPipe large = acquire(true);
        assertThat(large.isLarge()).as("one that is large already").isTrue();
        PooledPipe small = acquire(false);
        assertThat(small.isLarge()).isFalse();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pool.open() == 2);
        assertThat(pool.large()).isEqualTo(1);
        pool.release(state, large);
        pool.release(state, small);
    }

    /** What is in it must never reach another transfer. */
    @Test
    void closesOneThatIsNotEmpty() throws IOException {
        PooledPipe pipe = acquire(false);
        fill(pipe, 10);
        pool.release(state, pipe);
        assertThat(pool.open()).isZero();
        assertThat(pool.idle()).isZero();
    }

    /** EAGAIN would not say which end it is about. */
    @Test
    void aPipeIsFilledWhenItIsEmptyAndDrainedWhenItIsNot() throws IOException {
        PooledPipe pipe = acquire(false);
        Side to = pair[0].writeSide();
        to.begin();
        try {
            assertThatIllegalStateException().isThrownBy(() -> pipe.drain(to, 1));
            fill(pipe, 10);
            assertThatIllegalStateException().isThrownBy(() -> fill(pipe, 10));
            assertThat(pipe.drain(to, 4)).isEqualTo(4);
            assertThat(pipe.held()).isEqualTo(6);
            assertThat(pipe.drain(to, 100)).isEqualTo(6);
        } finally {
            to.end();
        }
        pool.release(state, pipe);
        assertThat(pool.idle()).isEqualTo(1);
    }

    private void fill(PooledPipe pipe, int bytes) throws IOException {
        Writing.write(pair[1], MemorySegment.ofArray(new byte[bytes]));
        Side from = pair[0].readSide();
        from.begin();
        try {
            assertThat(pipe.fill(from, 1_000)).isEqualTo(bytes);
        } finally {
            from.end();
        }
    }
}
