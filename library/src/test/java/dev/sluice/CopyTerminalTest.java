// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is particular to terminals. */
@ExtendWith(NothingLeft.class)
class CopyTerminalTest {
    private static final int ROUNDS = 1_000;

    /**
     * The kernel passes bytes on beside the writer, so the slave can be closed while its last ones are on their way.
     */
    @ParameterizedTest
    @EnumSource
    void theLastWordBeforeTheSlaveClosesIsCopied(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(32_769, 1);
        try (Descriptor nothing = Descriptor.open(Path.of("/dev/null"), StandardOpenOption.WRITE)) {
            for (int i = 0; i < ROUNDS; i++) {
                try (Pty pty = Pty.raw()) {
                    Running<CopyResult> copy =
                            kind.call(() -> Copy.from(pty.master()).to(nothing).run());
                    pty.slave().write(ByteBuffer.wrap(bytes));
                    pty.slave().close();
                    assertThat(copy.get().bytes()).as("round %d", i).isEqualTo(bytes.length);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastWordBeforeTheSlaveClosesIsRead(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(32_769, 2);
        for (int i = 0; i < ROUNDS; i++) {
            try (Pty pty = Pty.raw()) {
                Running<byte[]> reader = kind.call(() -> Bytes.readAll(pty.master()));
                pty.slave().write(ByteBuffer.wrap(bytes));
                pty.slave().close();
                assertThat(Arrays.mismatch(reader.get(), bytes)).as("round %d", i).isEqualTo(-1);
            }
        }
    }

    /**
     * A terminal that writes a carriage return before each newline needs room for two characters: with room for one it
     * says that it can be written, and takes nothing.
     */
    @ParameterizedTest
    @EnumSource
    void aTerminalWithRoomForHalfANewlineIsWaitedFor(OnThread kind) throws Exception {
        byte[] newlines = "\n".repeat(100_000).getBytes(ISO_8859_1);
        try (Pipe from = Pipe.open();
                Pty pty = Pty.cooked()) {
            Copy copy = Copy.from(from.source()).to(pty.slave());
            Running<Boolean> feeder = kind.run(() -> {
                from.sink().write(ByteBuffer.wrap(newlines));
                from.sink().close();
            });
            Running<CopyResult> running = kind.call(() -> {
                CopyResult result = copy.run();
                pty.slave().close();
                return result;
            });
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> copy.transferred() > 0 && running.isWaiting());
            assertThat(Cpu.leastNanosDuring(Duration.ofMillis(100))).isLessThan(Duration.ofMillis(10).toNanos());
            byte[] got = Bytes.readAll(pty.master());
            assertThat(new String(got, ISO_8859_1)).isEqualTo("\r\n".repeat(newlines.length));
            assertThat(running.get().bytes()).isEqualTo(newlines.length);
            feeder.get();
        }
    }

    /** What is typed is copied line by line, until the end of input is typed. */
    @ParameterizedTest
    @EnumSource
    void linesThatAreTypedAreCopiedUntilTheEndIsTyped(OnThread kind) throws Exception {
        try (Pty pty = Pty.cooked();
                Pipe to = Pipe.open()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(pty.slave()).to(to.sink()).run());
            Bytes.write(pty.master(), "one\n");
            assertThat(Bytes.read(to.source())).isEqualTo("one\n");
            Bytes.write(pty.master(), "two\n");
            assertThat(Bytes.read(to.source())).isEqualTo("two\n");
            Bytes.write(pty.master(), "\u0004");
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(copy.get().bytes()).isEqualTo(8);
        }
    }

    /** The other side of a terminal can also be the one that is copied to. */
    @ParameterizedTest
    @EnumSource
    void theSlaveOfAMasterThatIsCopiedToCloses(OnThread kind) throws Exception {
        try (Pipe from = Pipe.open();
                Pty pty = Pty.raw()) {
            Running<CopyResult> copy =
                    kind.call(() -> Copy.from(from.source()).to(pty.master()).run());
            Bytes.write(from.sink(), "typed");
            assertThat(Bytes.read(pty.slave())).isEqualTo("typed");
            copy.awaitWaiting();
            pty.slave().close();
            assertThat(copy.get().end()).isEqualTo(CopyResult.End.DESTINATION_GONE);
        }
    }
}
