// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A FIFO's writer between two readers. */
class FifoReturnTest {
    @TempDir
    private Path folder;

    @Test
    void aWriterWhoseReaderHasLeftWaitsForTheNext() throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Fifo first = Fifo.open(path, StandardOpenOption.READ);
                Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE)) {
            writer.awaitPeer(); // is there
            first.close();
            writer.setWriteDeadline(Duration.ofMillis(50));
            assertThatThrownBy(writer::awaitPeer).isInstanceOf(SocketTimeoutException.class);
            writer.clearWriteDeadline();

            FutureTask<Boolean> waiting = new FutureTask<>(() -> {
                writer.awaitPeer();
                return true;
            });
            Thread.ofVirtual().start(waiting);
            try (Fifo second = Fifo.open(path, StandardOpenOption.READ)) {
                assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
                assertThat(writer.write(ByteBuffer.wrap(new byte[3]))).isEqualTo(3);
                assertThat(second.read(ByteBuffer.allocate(10))).isEqualTo(3);
            }
        }
    }

    @Test
    void aPathThatIsASocketIsToldAsTheKernelTellsIt() throws IOException {
        Path path = folder.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> Descriptor.open(path, StandardOpenOption.WRITE))
                    .hasMessage("open " + path + ": ENXIO (No such device or address)");
            assertThatThrownBy(() -> Fifo.open(path, StandardOpenOption.WRITE))
                    .hasMessage("open " + path + ": EINVAL (Invalid argument), not a FIFO");
        }
    }
}
