// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies whose bytes never pass through this process. */
@ExtendWith(NothingLeft.class)
class CopySpliceOnlyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void littleIsSplicedToo(OnThread kind) throws Exception {
        byte[] bytes = Bytes.noise(3_000, 1);
        Path file = folder.resolve("file");
        try (Pipe pipe = Pipe.open();
                Descriptor to = Descriptor.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Copy copy = Copy.from(pipe.source()).to(to).spliceOnly();
            Running<CopyResult> running = kind.call(copy::run);
            for (int at = 0; at < bytes.length; at += 100) {
                pipe.sink().write(ByteBuffer.wrap(bytes, at, 100));
                int expected = at + 100;
                Awaitility.await().until(() -> copy.transferred() == expected);
            }
            pipe.sink().close();
            CopyResult result = running.get();

            assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
            assertThat(result.spliced()).isEqualTo(bytes.length);
            assertThat(result.copied()).isZero();
            assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        }
    }

    @Test
    void whatCannotBeSplicedIsRefusedAndNothingTaken() throws Exception {
        Path file = folder.resolve("file");
        try (Pipe pipe = Pipe.open();
                Descriptor append = Descriptor.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            pipe.sink().write(ByteBuffer.wrap(new byte[10]));

            assertThatThrownBy(() -> Copy.from(pipe.source()).to(append).spliceOnly().run())
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("EINVAL");
            assertThat(pipe.source().peek(ByteBuffer.allocate(100), 0)).isEqualTo(10);
        }
    }

    @Test
    void noPipeAtEitherEnd() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[10]);
        try (Descriptor from = Descriptor.open(file, StandardOpenOption.READ);
                Descriptor to =
                        Descriptor.open(folder.resolve("to"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> Copy.from(from).to(to).spliceOnly().run())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("cannot splice");
            assertThat(from.position()).isZero();
        }
    }
}
