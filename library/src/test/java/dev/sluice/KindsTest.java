// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies at a path is treated as what it is. */
@ExtendWith(NothingLeft.class)
class KindsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aReadIntoNoRoomReturnsAtOnceOnAnEmptyPipeToo(OnThread kind) throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Running<Integer> reading = kind.call(() -> pipe.source().read(ByteBuffer.allocate(0)));
            assertThat(reading.get()).isZero();
            assertThat(kind.call(() -> pipe.sink().write(ByteBuffer.allocate(0))).get()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/status", "/proc/cpuinfo", "/sys/kernel/mm/ksm/run", "/etc/passwd"})
    void filesOfTheKernelAreReadToTheirEnd(String path) throws Exception {
        for (OnThread kind : OnThread.values()) {
            try (Descriptor file = Descriptor.open(Path.of(path))) {
                byte[] all = kind.call(() -> Bytes.readAll(file)).get();
                assertThat(all).isNotEmpty();
                assertThat(new String(all, 0, 1, StandardCharsets.US_ASCII))
                        .isEqualTo(Files.readString(Path.of(path)).substring(0, 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void devices(OnThread kind) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(300_000);
        try (Descriptor zero = Descriptor.open(Path.of("/dev/zero"));
                Descriptor nothing =
                        Descriptor.open(Path.of("/dev/null"), StandardOpenOption.READ, StandardOpenOption.WRITE);
                Descriptor full = Descriptor.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            assertThat(kind.call(() -> zero.read(buffer)).get()).isEqualTo(300_000);
            assertThat(kind.call(() -> nothing.write(buffer.flip())).get()).isEqualTo(300_000);
            assertThat(kind.call(() -> nothing.read(buffer.clear())).get()).isEqualTo(-1);
            assertThat(kind.call(() -> full.write(buffer.clear())).failure())
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage("write /dev/full: ENOSPC (No space left on device)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsWrittenAppendedPositionedAndRead(OnThread kind) throws Exception {
        Path path = folder.resolve("file");
        byte[] bytes = Bytes.noise(700_001, 5);
        kind.run(() -> {
            try (Descriptor file = Descriptor.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(bytes, 0, 300_000));
                assertThat(file.position()).isEqualTo(300_000);
            }
            try (Descriptor file = Descriptor.open(path, StandardOpenOption.APPEND)) {
                file.write(ByteBuffer.wrap(bytes, 300_000, 400_001));
            }
            try (Descriptor file = Descriptor.open(path)) {
                assertThat(Bytes.readAll(file)).isEqualTo(bytes);
                file.setPosition(700_000);
                ByteBuffer last = ByteBuffer.allocateDirect(10);
                assertThat(file.read(last)).isEqualTo(1);
                assertThat(last.get(0)).isEqualTo(bytes[700_000]);
            }
        }).get();
    }

    @Test
    void theModeIsThatOfItsCreation() throws Exception {
        Path path = folder.resolve("secret");
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
        Descriptor.open(path, options, mode).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-r-----");
    }

    @Test
    void whatCannotBeOpenedIsToldPrecisely() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Descriptor.open(missing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("open " + missing + ": ENOENT (No such file or directory)");
        assertThatThrownBy(() -> Descriptor.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Descriptor.open(link, LinkOption.NOFOLLOW_LINKS))
                .isInstanceOf(FileSystemLoopException.class)
                .hasMessageContaining("ELOOP");
        assertThatThrownBy(() -> Descriptor.open(file.resolve("below")))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("ENOTDIR");
        assertThatThrownBy(() -> Descriptor.open(folder, StandardOpenOption.WRITE))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("EISDIR");
        assertThatThrownBy(() -> Descriptor.open(file, StandardOpenOption.DELETE_ON_CLOSE))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(
                        () -> Descriptor.open(file, StandardOpenOption.APPEND, StandardOpenOption.TRUNCATE_EXISTING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theWrongDirectionIsRefusedAtOnce() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> pipe.sink().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> pipe.source().write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> pipe.source().read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> pipe.source().position()).hasMessageContaining("ESPIPE");
        }
    }

    @Test
    void aPipesCapacityIsAskedForAndSet() throws Exception {
        try (Pipe pipe = Pipe.open();
                Descriptor file = Descriptor.open(Path.of("/dev/null"))) {
            assertThat(pipe.source().pipeCapacity()).isEqualTo(64 * 1024);
            assertThat(pipe.sink().setPipeCapacity(200_000)).isEqualTo(256 * 1024);
            assertThat(pipe.source().pipeCapacity()).isEqualTo(256 * 1024);
            assertThatThrownBy(file::pipeCapacity).hasMessage("F_GETPIPE_SZ /dev/null: EBADF (Bad file descriptor)");
        }
    }
}
