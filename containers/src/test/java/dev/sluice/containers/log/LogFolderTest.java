// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFolderTest {
    @TempDir
    private Path temp;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void isMadeWithItsModes() throws IOException {
        LogFolder folder = LogFolder.open(temp.resolve("a/b"));
        ContainerFolder container = folder.container("c1");
        try (ContainerLog log = ContainerLog.open(container, LogOptions.of(LogFormat.RAW))) {
            Logs.append(log, Logs.line("x"));
        }
        container.replace("container.json", "{}".getBytes(UTF_8));

        assertThat(mode(folder.path())).isEqualTo("rwxr-x---");
        assertThat(mode(container.path())).isEqualTo("rwxr-x---");
        for (String name : new String[] {"stdout.log", "stderr.log", "journal", "container.json"}) {
            assertThat(mode(container.file(name))).as(name).isEqualTo("rw-r-----");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "/etc", "-x", "_x", ".x", "a b", "a\nb", "a\0b", "é"})
    void idsThatCouldNameAnythingElseAreRefused(String id) throws IOException {
        LogFolder folder = LogFolder.open(temp);

        assertThatThrownBy(() -> folder.container(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be called '" + id + "'");
        assertThatThrownBy(() -> folder.existingContainer(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdMayBe128Long() throws IOException {
        LogFolder folder = LogFolder.open(temp);

        assertThat(folder.container("a".repeat(128)).path()).isDirectory();
        assertThatThrownBy(() -> folder.container("a".repeat(129))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aContainersFolderIsNoLink() throws IOException {
        LogFolder folder = LogFolder.open(temp.resolve("logs"));
        Files.createDirectory(temp.resolve("elsewhere"));
        Files.createSymbolicLink(folder.path().resolve("c1"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(folder.path().resolve("c2"), temp.resolve("nowhere"));

        for (String id : new String[] {"c1", "c2"}) {
            assertThatThrownBy(() -> folder.container(id))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("is a link");
            assertThatThrownBy(() -> folder.existingContainer(id)).hasMessageContaining("is a link");
        }
        assertThat(folder.containers()).isEmpty();
        assertThat(temp.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aContainersFolderIsAFolder() throws IOException {
        LogFolder folder = LogFolder.open(temp);
        Files.createFile(temp.resolve("c1"));

        assertThatThrownBy(() -> folder.container("c1")).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void whereOthersMayWriteNothingIsKept() throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> LogFolder.open(temp)).hasMessageContaining("written by everybody");
    }

    @Test
    void theLogFolderItselfMayBeALink() throws IOException {
        Path real = Files.createDirectory(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);

        assertThat(LogFolder.open(link).path()).isEqualTo(real.toRealPath());
    }

    @Test
    void oneThatMustBeThereIsNotMade() {
        assertThatThrownBy(() -> LogFolder.existing(temp.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThat(temp.resolve("none")).doesNotExist();
    }

    @Test
    void listsContainersAlone() throws IOException {
        LogFolder folder = LogFolder.open(temp);
        folder.container("b");
        folder.container("a");
        Files.createDirectory(temp.resolve(".hidden"));
        Files.createFile(temp.resolve("file"));

        assertThat(folder.containers()).extracting(ContainerFolder::id).containsExactly("a", "b");
        assertThat(folder.existingContainer("c")).isNull();
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void aLogIsNoLink(LogFormat format) throws IOException {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        ContainerFolder container = LogFolder.open(temp.resolve("logs")).container("c1");
        for (String name : LogNames.of(format)) {
            Files.createSymbolicLink(container.file(name), victim);
        }

        assertThatThrownBy(() -> ContainerLog.open(container, LogOptions.of(format)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("ELOOP");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void theJournalIsNoLink() throws IOException {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        ContainerFolder container = LogFolder.open(temp.resolve("logs")).container("c1");
        Files.createSymbolicLink(container.file("journal"), victim);

        assertThatThrownBy(() -> ContainerLog.open(container, LogOptions.of(LogFormat.CRI)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("ELOOP");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void aFileIsReplacedAsAWholeAndNoLinkIsFollowed() throws IOException {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        ContainerFolder container = LogFolder.open(temp.resolve("logs")).container("c1");
        Files.createSymbolicLink(container.file("container.json"), victim);
        Files.createSymbolicLink(container.file(".container.json.new"), victim);

        assertThatThrownBy(() -> container.read("container.json", 100)).hasMessageContaining("container.json: ELOOP");
        container.replace("container.json", "new".getBytes(UTF_8));

        assertThat(victim).hasContent("precious");
        assertThat(container.read("container.json", 100)).isEqualTo("new".getBytes(UTF_8));
        assertThat(container.read("nothing", 100)).isNull();
        assertThatThrownBy(() -> container.read("container.json", 2)).hasMessageContaining("longer than 2 bytes");
        try (var files = Files.list(container.path())) {
            assertThat(files).hasSize(1);
        }
    }
}
