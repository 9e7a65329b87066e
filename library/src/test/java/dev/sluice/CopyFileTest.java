// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies from and to files: where they begin, where they leave off, and what must not be copied onto itself. */
@ExtendWith(NothingLeft.class)
class CopyFileTest {
    private static final byte[] BYTES = Bytes.noise(200_000, 6);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = folder.resolve("file");
        Files.write(file, BYTES);
    }

    private static CopyResult run(OnThread kind, Copy copy) throws Exception {
        return kind.call(copy::run).get();
    }

    @ParameterizedTest
    @EnumSource
    void beginsWhereTheFilesStandAndLeavesThemWhereItEnded(OnThread kind) throws Exception {
        Path other = folder.resolve("other");
        Files.write(other, new byte[1_000]);
        try (Descriptor from = Descriptor.open(file);
                Descriptor to = Descriptor.open(other, WRITE)) {
            from.setPosition(12_345);
            to.setPosition(500);
            CopyResult result = run(kind, Copy.from(from).to(to).limit(70_000));
            assertThat(result.spliced()).as("by copy_file_range").isEqualTo(70_000);
            assertThat(from.position()).isEqualTo(82_345);
            assertThat(to.position()).isEqualTo(70_500);
        }
        byte[] got = Files.readAllBytes(other);
        assertThat(got).hasSize(70_500);
        assertThat(Arrays.mismatch(got, 0, 500, new byte[500], 0, 500)).isEqualTo(-1);
        assertThat(Arrays.mismatch(got, 500, 70_500, BYTES, 12_345, 82_345)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void positionsAreRightBesidePipesToo(OnThread kind) throws Exception {
        Path other = folder.resolve("other");
        try (Descriptor from = Descriptor.open(file);
                Descriptor to = Descriptor.open(other, WRITE, CREATE);
                Pipe pipe = Pipe.open()) {
            from.setPosition(1);
            assertThat(run(kind, Copy.from(from).to(pipe.sink()).limit(40_000)).copied())
                    .isEqualTo(40_000);
            assertThat(from.position()).isEqualTo(40_001);
            to.setPosition(10);
            assertThat(run(kind, Copy.from(pipe.source()).to(to).limit(40_000)).spliced())
                    .isEqualTo(40_000);
            assertThat(to.position()).isEqualTo(40_010);
            run(kind, Copy.from(from).to(pipe.sink()).zeroCopyFromFile().limit(20_000));
            assertThat(from.position()).isEqualTo(60_001);
            pipe.sink().close();
            assertThat(Bytes.readAll(pipe.source())).isEqualTo(Arrays.copyOfRange(BYTES, 40_001, 60_001));
        }
        byte[] got = Files.readAllBytes(other);
        assertThat(Arrays.copyOfRange(got, 10, got.length)).isEqualTo(Arrays.copyOfRange(BYTES, 1, 40_001));
    }

    /** As netty#9369 did not. */
    @ParameterizedTest
    @EnumSource
    void sendsFromAndReceivesWhereAFileStands(OnThread kind) throws Exception {
        Path other = folder.resolve("other");
        Files.write(other, new byte[1_000]);
        try (Descriptor from = Descriptor.open(file);
                Descriptor to = Descriptor.open(other, WRITE);
                Connection.Pair pair = Connection.pair()) {
            from.setPosition(12_345);
            to.setPosition(500);
            assertThat(run(kind, Copy.from(from).to(pair.one()).limit(50_000)).spliced())
                    .as("by sendfile")
                    .isEqualTo(50_000);
            assertThat(from.position()).isEqualTo(62_345);
            pair.one().shutdownWrite();
            assertThat(run(kind, Copy.from(pair.other()).to(to)).bytes()).isEqualTo(50_000);
            assertThat(to.position()).isEqualTo(50_500);
        }
        byte[] got = Files.readAllBytes(other);
        assertThat(Arrays.mismatch(got, 500, 50_500, BYTES, 12_345, 62_345)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAppendedIsReadInTheNextRun(OnThread kind) throws Exception {
        Path other = folder.resolve("other");
        try (Descriptor from = Descriptor.open(file);
                Descriptor writer = Descriptor.open(file, APPEND);
                Descriptor to = Descriptor.open(other, WRITE, CREATE)) {
            Copy copy = Copy.from(from).to(to);
            assertThat(run(kind, copy).bytes()).isEqualTo(BYTES.length);
            assertThat(run(kind, copy).bytes()).isZero();
            Bytes.write(writer, "and more");
            assertThat(run(kind, copy).bytes()).isEqualTo("and more".length());
        }
        assertThat(other).hasSameBinaryContentAs(file);
    }

    @Test
    void aFileIsNotCopiedOntoItself() throws Exception {
        Path hardLink = Files.createLink(folder.resolve("hard"), file);
        Path symbolicLink = Files.createSymbolicLink(folder.resolve("symbolic"), file);
        for (Path target : List.of(file, hardLink, symbolicLink)) {
            for (var how : List.of(WRITE, APPEND)) {
                try (Descriptor from = Descriptor.open(file);
                        Descriptor to = Descriptor.open(target, how)) {
                    assertRefused(from, to, file.toString());
                }
            }
        }
        try (Descriptor both = Descriptor.open(file, READ, WRITE)) {
            assertRefused(both, both, file.toString());
        }
        assertThat(file).hasBinaryContent(BYTES);
    }

    @Test
    void aPipeIsNotCopiedOntoItself() throws Exception {
        Path fifo = folder.resolve("fifo");
        Fifo.create(fifo);
        Path hardLink = Files.createLink(folder.resolve("hard"), fifo);
        try (Pipe pipe = Pipe.open();
                Fifo reader = Fifo.open(fifo);
                Fifo writer = Fifo.open(hardLink, WRITE)) {
            Bytes.write(pipe.sink(), "in the pipe");
            assertRefused(pipe.source(), pipe.sink(), "pipe");
            assertThat(Bytes.read(pipe.source())).isEqualTo("in the pipe");
            Bytes.write(writer, "in the FIFO");
            assertRefused(reader, writer, fifo.toString());
            assertThat(Bytes.read(reader)).isEqualTo("in the FIFO");
        }
    }

    private static void assertRefused(Descriptor from, Descriptor to, String name) {
        assertThatThrownBy(() -> Copy.from(from).to(to).run())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("EINVAL")
                .hasMessageContaining("the same");
    }

    /** A copy into a pipe holds the file's own pages only where that is asked for. */
    @ParameterizedTest
    @EnumSource
    void aFileThatChangesAfterwardsDoesNotChangeWhatWasDelivered(OnThread kind) throws Exception {
        assertThat(deliveredAfterChange(kind, false)).isEqualTo(Arrays.copyOf(BYTES, 32_768));
        // To the contrary: or else this would not show that it can happen.
        assertThat(deliveredAfterChange(kind, true)).isEqualTo(new byte[32_768]);
    }

    private byte[] deliveredAfterChange(OnThread kind, boolean zeroCopy) throws Exception {
        Files.write(file, BYTES);
        try (Descriptor from = Descriptor.open(file);
                Pipe to = Pipe.open()) {
            Copy copy = Copy.from(from).to(to.sink()).limit(32_768);
            CopyResult result = run(kind, zeroCopy ? copy.zeroCopyFromFile() : copy);
            assertThat(result.spliced()).isEqualTo(zeroCopy ? 32_768 : 0);
            Files.write(file, new byte[32_768], WRITE);
            to.sink().close();
            return Bytes.readAll(to.source());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFullDiskIsReportedWithHowFarItCame(OnThread kind) throws Exception {
        try (Descriptor from = Descriptor.open(file);
                Descriptor full = Descriptor.open(Path.of("/dev/full"), WRITE);
                Pipe pipe = Pipe.open()) {
            Copy copy = Copy.from(from).to(full);
            assertThatThrownBy(() -> run(kind, copy))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("/dev/full")
                    .hasMessageContaining("ENOSPC");
            assertThat(copy.transferred()).isZero();

            Bytes.write(pipe.sink(), "spliced");
            assertThatThrownBy(() -> run(kind, Copy.from(pipe.source()).to(full)))
                    .hasMessageContaining("ENOSPC");
        }
    }
}
