// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FifoConnectTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"READ", "WRITE"})
    void connectGivesUpAfterItsTime(StandardOpenOption way) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        assertThatThrownBy(() -> Fifo.connect(path, Duration.ofMillis(30), way))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void connectedInTimeItHasNoDeadline() throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo reader = Fifo.open(path, StandardOpenOption.READ, StandardOpenOption.READ);
                Fifo writer = Fifo.connect(path, Duration.ofSeconds(30), StandardOpenOption.WRITE)) {
            writer.write(ByteBuffer.wrap(new byte[3]));
            assertThat(reader.read(ByteBuffer.allocate(9))).isEqualTo(3);
            writer.setWriteDeadline(Duration.ofSeconds(30));
            writer.clearWriteDeadline();
        }
    }

    @Test
    void createRefusesWhatIsNoFifo() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Fifo.create(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage("mkfifo " + file + ": EEXIST (File exists), not a FIFO");
        assertThat(file).isRegularFile();
    }
}
