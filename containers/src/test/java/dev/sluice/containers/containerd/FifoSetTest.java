// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import static dev.sluice.containers.containerd.StandardStream.STDERR;
import static dev.sluice.containers.containerd.StandardStream.STDIN;
import static dev.sluice.containers.containerd.StandardStream.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Fifo;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class FifoSetTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path above;

    private Path folder() {
        return above.resolve("web");
    }

    private FifoSet all() throws IOException {
        return FifoSet.create(folder(), "web", Set.of(STDIN, STDOUT, STDERR));
    }

    @Test
    void itLiesAsContainerdLaysItOut() throws Exception {
        try (FifoSet set = all()) {
            assertThat(set.path(STDIN)).isEqualTo(folder().resolve("web-stdin"));
            assertThat(set.path(STDOUT)).isEqualTo(folder().resolve("web-stdout"));
            assertThat(set.path(STDERR)).isEqualTo(folder().resolve("web-stderr"));
            assertThat(mode(folder())).isEqualTo("rwx------");
            for (StandardStream stream : set.streams()) {
                assertThat((int) Files.getAttribute(set.path(stream), "unix:mode")).isEqualTo(0010700);
            }
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aTerminalHasNoStderr() throws Exception {
        try (FifoSet set = FifoSet.create(folder(), "web", Set.of(STDIN, STDOUT))) {
            assertThat(folder()).isDirectoryNotContaining("glob:**-stderr");
            assertThat(set.streams()).containsExactlyInAnyOrder(STDIN, STDOUT);
            assertThatThrownBy(() -> set.openOutput(STDERR)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsThereAlreadyIsUsed() throws Exception {
        try (FifoSet first = all();
                FifoSet again = all();
                FifoSet found = FifoSet.existing(folder(), "web");
                Fifo writer = Fifo.open(first.path(STDOUT), StandardOpenOption.READ, StandardOpenOption.WRITE);
                Fifo reader = again.openOutput(STDOUT)) {
            assertThat(found.streams()).isEqualTo(first.streams());
            writer.write(bytes("hello"));
            assertThat(text(reader)).isEqualTo("hello");
        }
    }

    @Test
    void whatIsNoFifoIsRefused() throws Exception {
        Files.createDirectory(folder());
        Files.writeString(folder().resolve("web-stdout"), "a file");
        assertThatThrownBy(this::all).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> FifoSet.existing(above, "other")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> FifoSet.create(above, "../x", Set.of(STDOUT)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderThatOthersMayWriteToIsRefused() throws Exception {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::all)
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("may be written by others");
    }

    @Test
    void aLinkInThePlaceOfTheFolderIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(above.resolve("elsewhere"));
        Files.createSymbolicLink(folder(), elsewhere);
        assertThatThrownBy(this::all).isInstanceOf(FileSystemException.class).hasMessageContaining("no folder");
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** As containerd's shim does, the test holds both ends of each FIFO. */
    @Test
    void toCloseIsToDetach() throws Exception {
        try (FifoSet set = all();
                Fifo shimsOut = both(set.path(STDOUT));
                Fifo shimsIn = both(set.path(STDIN))) {
            try (FifoSet attached = FifoSet.existing(folder(), "web")) {
                Fifo output = attached.openOutput(STDOUT);
                Fifo input = attached.connectInput(LONG);
                shimsOut.write(bytes("one"));
                assertThat(text(output)).isEqualTo("one");
                input.write(bytes("question"));
            }
            shimsOut.write(bytes("two")); // no EPIPE, and nobody reads
            assertThat(text(shimsIn)).isEqualTo("question");
            shimsIn.setReadDeadline(Duration.ofMillis(50));
            assertThatThrownBy(() -> shimsIn.read(ByteBuffer.allocate(10)))
                    .as("no end of input")
                    .isInstanceOf(SocketTimeoutException.class);
            try (FifoSet again = FifoSet.existing(folder(), "web")) {
                assertThat(text(again.openOutput(STDOUT))).isEqualTo("two");
            }
        }
    }

    @Test
    void theEndComesWhenTheShimHasClosedItsSide() throws Exception {
        try (FifoSet set = all();
                Fifo output = set.openOutput(STDOUT)) {
            try (Fifo shim = both(set.path(STDOUT))) {
                shim.write(bytes("last"));
            }
            assertThat(text(output)).isEqualTo("last");
            assertThat(output.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void waitingForTheShimIsGivenUpInTimeAndByClose() throws Exception {
        FifoSet set = all();
        assertThatThrownBy(() -> set.connectInput(Duration.ofMillis(20))).isInstanceOf(SocketTimeoutException.class);
        Running<Fifo> connecting = OnThread.VIRTUAL.call(() -> set.connectInput(LONG));
        Running<Integer> reading = OnThread.VIRTUAL.call(() -> set.openOutput(STDERR).read(ByteBuffer.allocate(1)));
        connecting.awaitWaiting();
        reading.awaitWaiting();
        set.close();
        assertThat(connecting.failure()).isInstanceOf(ClosedChannelException.class);
        assertThat(reading.failure()).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> set.openOutput(STDOUT)).isInstanceOf(ClosedChannelException.class);
        set.close();
    }

    @Test
    void removingLeavesNothing() throws Exception {
        FifoSet set = all();
        set.remove();
        set.remove();
        assertThat(folder()).doesNotExist();

        FifoSet shared = all();
        Files.writeString(folder().resolve("another"), "");
        shared.remove();
        assertThat(folder()).isDirectoryContaining("glob:**another");
    }

    @Test
    void mergedOutputIsOneFifo() throws Exception {
        Path path = above.resolve("output");
        FifoSet set = FifoSet.merged(path);
        assertThat(set.streams()).containsExactly(STDOUT);
        try (Fifo output = set.openOutput(STDOUT);
                Fifo shim = Fifo.open(path, StandardOpenOption.WRITE)) {
            shim.write(bytes("both"));
            assertThat(text(output)).isEqualTo("both");
        }
        set.remove();
        assertThat(above).isEmptyDirectory();
    }

    private static Fifo both(Path path) throws IOException {
        return Fifo.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(Fifo from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        from.setReadDeadline(LONG);
        from.read(buffer);
        return UTF_8.decode(buffer.flip()).toString();
    }
}
