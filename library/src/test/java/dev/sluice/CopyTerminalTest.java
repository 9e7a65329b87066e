// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is particular to terminals. */
@ExtendWith(NothingLeft.class)
class CopyTerminalTest {
    private static final int ROUNDS = 1_000;

    /** The kernel passes bytes on beside the writer, so the slave can be closed while its last ones are on their way. */
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
}
