// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the pipes at the ends of a copy are made larger, and when they are left alone. */
@ExtendWith(NothingLeft.class)
class CopyPipeGrowthTest {
    private static final int USUAL = 64 * 1024;
    private static final int LARGE = 1 << 20;

    /** Rounds that show that it pays, and some more. */
    private static final int ROUNDS = 12;

    private Pipe from;
    private Pipe to;

    @BeforeEach
    void open() throws IOException {
        from = Pipe.open();
        to = Pipe.open();
    }

    @AfterEach
    void close() throws IOException {
        from.close();
        to.close();
    }

    /**
     * Whatever the processors are busy with, each round is of a whole pipe: the reader takes all, and then the copy
     * does.
     */
    private void flowInWholePipes(OnThread kind, int rounds, UnaryOperator<Copy> settings) throws Exception {
        Copy copy = settings.apply(Copy.from(from.source()).to(to.sink()));
        ByteBuffer pipeful = ByteBuffer.allocate(USUAL);
        from.sink().write(pipeful.clear());
        Running<CopyResult> running = kind.call(copy::run);
        for (int i = 1; i <= rounds; i++) {
            long expected = (long) i * USUAL;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> copy.transferred() == expected);
            from.sink().write(pipeful.clear());
            assertThat(to.source().read(pipeful.clear())).isEqualTo(USUAL);
        }
        to.source().close();
        assertThat(running.get().end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
        assertThat(running.get().copied()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void growsWhenLargeAmountsFlow(OnThread kind) throws Exception {
        flowInWholePipes(kind, ROUNDS, copy -> copy);
        assertThat(from.source().pipeCapacity()).isEqualTo(LARGE);
        assertThat(to.sink().pipeCapacity()).isEqualTo(LARGE);
    }

    /** Larger pipes are taken from a quota that others need too: a few pipefuls are no reason. */
    @ParameterizedTest
    @EnumSource
    void staysAsItIsWhenNotMuchFlows(OnThread kind) throws Exception {
        flowInWholePipes(kind, 4, copy -> copy);
        assertThat(from.source().pipeCapacity()).isEqualTo(USUAL);
        assertThat(to.sink().pipeCapacity()).isEqualTo(USUAL);
    }

    @ParameterizedTest
    @EnumSource
    void staysAsItIsWhenAsked(OnThread kind) throws Exception {
        flowInWholePipes(kind, ROUNDS, Copy::keepPipeCapacity);
        assertThat(from.source().pipeCapacity()).isEqualTo(USUAL);
        assertThat(to.sink().pipeCapacity()).isEqualTo(USUAL);
    }

    /** More than would show that growth pays, if it came in large amounts. */
    @ParameterizedTest
    @EnumSource
    void staysAsItIsWhenLittleFlowsAtATime(OnThread kind) throws Exception {
        Running<CopyResult> copy =
                kind.call(() -> Copy.from(from.source()).to(to.sink()).run());
        ByteBuffer little = ByteBuffer.allocate(3_000);
        for (int i = 0; i < 300; i++) {
            from.sink().write(little.clear());
            little.clear();
            while (little.hasRemaining()) {
                to.source().read(little);
            }
        }
        from.sink().close();
        assertThat(copy.get().bytes()).isEqualTo(900_000);
        assertThat(from.source().pipeCapacity()).isEqualTo(USUAL);
        assertThat(to.sink().pipeCapacity()).isEqualTo(USUAL);
    }

    @ParameterizedTest
    @EnumSource
    void isSetToWhatIsAsked(OnThread kind) throws Exception {
        for (int bytes : new int[] {4_096, 100_000, LARGE}) {
            Copy copy = Copy.from(from.source()).to(to.sink()).pipeCapacity(bytes).limit(0);
            assertThat(kind.call(copy::run).get().end()).isEqualTo(CopyResult.End.LIMIT);
            int rounded = bytes == 100_000 ? 131_072 : bytes;
            assertThat(from.source().pipeCapacity()).isEqualTo(rounded);
            assertThat(to.sink().pipeCapacity()).isEqualTo(rounded);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNotGrownBeyondWhatIsAsked(OnThread kind) throws Exception {
        flowInWholePipes(kind, ROUNDS, copy -> copy.pipeCapacity(USUAL));
        assertThat(from.source().pipeCapacity()).isEqualTo(USUAL);
    }

    /** The kernel refuses a capacity below what is buffered: no reason to fail. */
    @ParameterizedTest
    @EnumSource
    void goesOnWhenTheKernelRefuses(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(50_000, 9);
        from.sink().write(ByteBuffer.wrap(bytes));
        from.sink().close();
        Copy copy = Copy.from(from.source()).to(to.sink()).pipeCapacity(4_096);
        Running<CopyResult> running = kind.call(() -> {
            CopyResult result = copy.run();
            to.sink().close();
            return result;
        });
        assertThat(Bytes.readAll(to.source())).isEqualTo(bytes);
        assertThat(running.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
        assertThat(from.source().pipeCapacity()).isEqualTo(USUAL);
        assertThat(to.source().pipeCapacity()).isEqualTo(4_096);
    }

    @Test
    void refusesACapacityOfNothing() {
        Copy copy = Copy.from(from.source()).to(to.sink());
        assertThatIllegalArgumentException().isThrownBy(() -> copy.pipeCapacity(0));
    }
}
