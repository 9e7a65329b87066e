// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends between which the kernel has no way of its own, or refuses it: the bytes arrive all the same. */
@ExtendWith(NothingLeft.class)
class CopyRefusalTest {
    @TempDir
    Path folder;

    /** Most files in /proc cannot be spliced, and say that they have no size. */
    @ParameterizedTest
    @EnumSource
    void filesInProcAreCopiedWhole(OnThread kind) throws Exception {
        Path version = Path.of("/proc/version");
        String expected = Files.readString(version);
        Path other = folder.resolve("other");
        try (Descriptor from = Descriptor.open(version);
                Descriptor to = Descriptor.open(other, WRITE, CREATE)) {
            CopyResult result = kind.call(() -> Copy.from(from).to(to).run()).get();
            assertThat(result.refusals()).isEqualTo(1);
            assertThat(result.copied()).isEqualTo(expected.length());
        }
        assertThat(other).hasContent(expected);

        try (Descriptor from = Descriptor.open(version);
                Pipe to = Pipe.open()) {
            CopyResult result = kind.call(
                            () -> Copy.from(from).to(to.sink()).zeroCopyFromFile().run())
                    .get();
            assertThat(result.bytes()).isEqualTo(expected.length());
            to.sink().close();
            assertThat(new String(Bytes.readAll(to.source()), UTF_8)).isEqualTo(expected);
        }
    }

    /** A file in /proc that is longer than a buffer, and shorter at each read than it could be. */
    @ParameterizedTest
    @EnumSource
    void longFilesInProcAreCopiedToTheirEnd(OnThread kind) throws Exception {
        try (Descriptor from = Descriptor.open(Path.of("/proc/self/smaps"));
                Pipe to = Pipe.open()) {
            var reader = kind.call(() -> new String(Bytes.readAll(to.source()), UTF_8));
            CopyResult result = kind.call(() -> Copy.from(from).to(to.sink()).run()).get();
            to.sink().close();
            assertThat(result.bytes()).isGreaterThan(128 * 1024);
            assertThat(reader.get()).hasSize((int) result.bytes()).containsPattern("(?s)VmFlags:[^\\n]*\\n\\z");
        }
    }

    /** splice(2) into a file that is appended to is refused; a splice from /dev/full as well. */
    @ParameterizedTest
    @EnumSource
    void refusedOnceThenReadAndWritten(OnThread kind) throws Exception {
        Path file = folder.resolve("log");
        Files.writeString(file, "there before, ");
        byte[] bytes = Bytes.noise(50_000, 8);
        try (Pipe from = Pipe.open();
                Descriptor to = Descriptor.open(file, APPEND)) {
            from.sink().write(ByteBuffer.wrap(bytes));
            from.sink().close();
            CopyResult result =
                    kind.call(() -> Copy.from(from.source()).to(to).run()).get();
            assertThat(result.refusals()).isEqualTo(1);
            assertThat(result.spliced()).isZero();
            assertThat(result.copied()).isEqualTo(bytes.length);
        }
        assertThat(Files.size(file)).isEqualTo("there before, ".length() + bytes.length);

        try (Descriptor full = Descriptor.open(Path.of("/dev/full"));
                Pipe to = Pipe.open()) {
            CopyResult result =
                    kind.call(() -> Copy.from(full).to(to.sink()).limit(10_000).run()).get();
            assertThat(result.end()).isEqualTo(CopyResult.End.LIMIT);
            to.sink().close();
            assertThat(Bytes.readAll(to.source())).isEqualTo(new byte[10_000]);
        }
    }

    /** A device that has nothing, and one that cannot be read. */
    @ParameterizedTest
    @EnumSource
    void sourcesThatAreNoStreamEndOrFailAtOnce(OnThread kind) throws Exception {
        Path file = folder.resolve("file");
        try (Descriptor nothing = Descriptor.open(Path.of("/dev/null"));
                Descriptor directory = Descriptor.open(folder);
                Pipe pipe = Pipe.open();
                Descriptor to = Descriptor.open(file, WRITE, CREATE)) {
            for (Descriptor destination : List.of(pipe.sink(), to)) {
                CopyResult result =
                        kind.call(() -> Copy.from(nothing).to(destination).run()).get();
                assertThat(result.end()).isEqualTo(CopyResult.End.END_OF_SOURCE);
                assertThat(result.bytes()).isZero();
                assertThat(kind.call(() -> Copy.from(directory).to(destination).run())
                                .failure())
                        .hasMessage("read " + folder + ": EISDIR (Is a directory)");
            }
        }
    }

    @Test
    void endsInTheWrongDirectionAreRefusedAtOnce() throws IOException {
        try (Pipe one = Pipe.open();
                Pipe other = Pipe.open()) {
            assertThatThrownBy(() ->
                            Copy.from(one.sink()).to(other.sink()).run())
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() ->
                            Copy.from(one.source()).to(other.source()).run())
                    .isInstanceOf(NonWritableChannelException.class);
        }
    }

    @Test
    void endsThatAreClosedAlreadyAreRefused() throws IOException {
        try (Pipe one = Pipe.open();
                Pipe other = Pipe.open()) {
            one.source().close();
            assertThatThrownBy(() ->
                            Copy.from(one.source()).to(other.sink()).run())
                    .isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() ->
                            Copy.from(other.source()).to(one.source()).run())
                    .isInstanceOf(NonWritableChannelException.class);
        }
    }
}
