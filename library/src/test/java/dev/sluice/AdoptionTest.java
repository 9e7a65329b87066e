// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.FileCalls;
import dev.sluice.internal.linux.TransferCalls;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Inherited descriptors, whose file description somebody else has too: here a duplicate stands for the parent's. */
@ExtendWith(NothingLeft.class)
class AdoptionTest {
    private final CallState state = CallState.acquire();

    @TempDir
    private Path folder;

    @AfterEach
    void giveBack() {
        state.release();
    }

    private int flags(int fd) {
        return FileCalls.fcntl(state, fd, Constants.F_GETFL, 0);
    }

    /** The ends of a pipe in blocking mode, as a shell makes it. */
    private int[] blockingPipe() {
        long ends = TransferCalls.pipe(state);
        int[] numbers = {(int) ends, (int) (ends >>> Integer.SIZE)};
        for (int number : numbers) {
            FileCalls.fcntl(state, number, Constants.F_SETFL, 0);
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource
    void thePipesFlagsAreLeftAloneAndReadsWaitAllTheSame(OnThread kind) throws Exception {
        int[] numbers = blockingPipe();
        int parents = FileCalls.duplicate(state, numbers[0]);
        try (Descriptor source = Descriptor.adopt(numbers[0]);
                Descriptor sink = Descriptor.adopt(numbers[1])) {
            Running<String> reading = kind.call(() -> Bytes.read(source)).awaitWaiting();
            assertThat(flags(parents) & Constants.O_NONBLOCK).isZero();
            Bytes.write(sink, "from the parent");
            assertThat(reading.get()).isEqualTo("from the parent");
            sink.close();
            assertThat(kind.call(() -> Bytes.read(source)).get()).isEqualTo("EOF");
            assertThat(flags(parents) & Constants.O_NONBLOCK).isZero();
        } finally {
            FileCalls.close(state, parents);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFifoWhoseWriterHasLeftBeforeIsAtItsEnd(OnThread kind) throws Exception {
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        int inherited = FileCalls.open(state, path, Constants.O_RDONLY | Constants.O_NONBLOCK, 0);
        try (Fifo writer = Fifo.open(path, StandardOpenOption.WRITE)) {
            Bytes.write(writer, "gone before");
        }
        FileCalls.fcntl(state, inherited, Constants.F_SETFL, 0);
        try (Descriptor reader = Descriptor.adopt(inherited)) {
            assertThat(kind.call(() -> Bytes.readAll(reader)).get()).asString().isEqualTo("gone before");
        }
    }

    @Test
    void aFilesPositionIsShared() throws Exception {
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        int inherited = FileCalls.open(state, path, Constants.O_RDONLY, 0);
        int parents = FileCalls.duplicate(state, inherited);
        try (Descriptor file = Descriptor.adopt(inherited)) {
            assertThat(file.read(ByteBuffer.allocate(4))).isEqualTo(4);
            assertThat(FileCalls.seek(state, parents, 0, Constants.SEEK_CUR)).isEqualTo(4);
            FileCalls.seek(state, parents, 8, Constants.SEEK_SET);
            assertThat(Bytes.read(file)).isEqualTo("89");
        } finally {
            FileCalls.close(state, parents);
        }
    }

    @Test
    void anAdoptedNumberIsClosed() throws Exception {
        int[] numbers = blockingPipe();
        Descriptor.adopt(numbers[0]).close();
        assertThat(Numbers.target(numbers[0])).isEmpty();
        Descriptor.adopt(numbers[1]).close();
        assertThat(Numbers.target(numbers[1])).isEmpty();
    }

    @Test
    void whatIsNotOpenIsRefused() {
        assertThatThrownBy(() -> Descriptor.adopt(19_999)).hasMessage("adopt fd 19999: EBADF (Bad file descriptor)");
        assertThatThrownBy(() -> Descriptor.adopt(-1)).hasMessage("adopt fd -1: EBADF (Bad file descriptor)");
    }

    @Test
    void everyDescriptorIsCloseOnExec() throws Exception {
        int[] numbers = blockingPipe();
        Path path = folder.resolve("fifo");
        Fifo.create(path);
        try (Descriptor adopted = Descriptor.adopt(numbers[0]);
                Descriptor other = Descriptor.adopt(numbers[1]);
                Pipe pipe = Pipe.open();
                Fifo reader = Fifo.open(path);
                Fifo writer = Fifo.connect(path, StandardOpenOption.WRITE);
                Descriptor file = Descriptor.open(Path.of("/dev/null"))) {
            for (Descriptor descriptor :
                    new Descriptor[] {adopted, other, pipe.source(), pipe.sink(), reader, writer, file}) {
                int flags = descriptor.control(fd -> FileCalls.fcntl(state, fd, Constants.F_GETFD, 0));
                assertThat(flags).as(descriptor.toString()).isEqualTo(Constants.FD_CLOEXEC);
            }
        }
    }
}
