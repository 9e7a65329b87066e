// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CopyEnd.Destination;
import dev.sluice.CopyEnd.Source;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link InputStream#available} of a descriptor's stream. */
@ExtendWith(NothingLeft.class)
class AvailableTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "TCP", "UNIX", "FILE"})
    void saysWhatIsThereAndTakesNothing(Source kind) throws Exception {
        try (CopyEnd from = kind.open(folder)) {
            InputStream in = from.ours().inputStream();
            assertThat(in.available()).isZero();
            from.peer().write(ByteBuffer.allocate(300));
            assertThat(in.available()).isEqualTo(300);
            assertThat(in.readNBytes(100)).hasSize(100);
            assertThat(in.available()).isEqualTo(200);
        }
    }

    /** Nothing is waited for, so no deadline matters. */
    @Test
    void asksThoughTheDeadlineHasPassed() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            pipe.source().setReadDeadline(Duration.ZERO);
            pipe.sink().write(ByteBuffer.allocate(3));

            assertThat(pipe.source().inputStream().available()).isEqualTo(3);
        }
    }

    @Test
    void countsWhatATransferHasLeft() throws Exception {
        try (CopyEnd from = Source.FILE.open(folder);
                CopyEnd to = Destination.PIPE.open(folder)) {
            from.peer().write(ByteBuffer.allocate(300_000));
            InputStream in = from.ours().inputStream();
            Running<Long> transfer = OnThread.VIRTUAL
                    .call(() -> in.transferTo(to.ours().outputStream()))
                    .awaitWaiting();
            transfer.interrupt();
            int delivered = ((InterruptedIOException) transfer.failure()).bytesTransferred;

            assertThat(in.available()).isEqualTo(300_000 - delivered);
        }
    }

    @Test
    void hasRoomForTheLengthOfAFile() throws Exception {
        try (CopyEnd file = Source.FILE.open(folder)) {
            file.peer().setPosition(5L << 30);
            file.peer().write(ByteBuffer.allocate(1));
            InputStream in = file.ours().inputStream();
            assertThat(in.available()).isEqualTo(Integer.MAX_VALUE);
            file.ours().setPosition((5L << 30) - 6);
            assertThat(in.available()).isEqualTo(7);
            file.ours().setPosition(6L << 30);
            assertThat(in.available()).isZero();
        }
    }

    @Test
    void isNoneWhereReadingIsCutOff() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            InputStream in = pipe.source().inputStream();
            Bytes.write(pipe.sink(), "x");
            pipe.source().internal().cutOff();

            assertThat(in.available()).isZero();
            assertThat(in.read()).isEqualTo('x');
        }
    }

    @Test
    void isNoneWhereTheKernelDoesNotSay() throws Exception {
        try (Descriptor zeros = Descriptor.open(Path.of("/dev/zero"), StandardOpenOption.READ)) {
            assertThat(zeros.inputStream().available()).isZero();
        }
    }

    @Test
    void failsOnceClosed() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            InputStream in = pipe.source().inputStream();
            in.close();

            assertThatThrownBy(in::available).isInstanceOf(ClosedChannelException.class);
        }
    }
}
