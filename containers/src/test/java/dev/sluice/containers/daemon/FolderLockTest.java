// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    private boolean isLockedForOthers() throws IOException {
        Object inode = Files.getAttribute(folder.resolve(".lock"), "unix:ino");
        return Files.readString(Path.of("/proc/locks")).contains(":" + inode + " ");
    }

    @Test
    void whoAsksInTheSameProcessDoesNotDropIt() throws IOException {
        try (FolderLock lock = FolderLock.tryTake(folder)) {
            assertThat(lock).isNotNull();
            assertThat(isLockedForOthers()).isTrue();

            assertThat(FolderLock.tryTake(folder)).isNull();
            assertThat(FolderLock.isTaken(folder)).isTrue();

            assertThat(isLockedForOthers()).isTrue();
        }
        assertThat(isLockedForOthers()).isFalse();
        assertThat(FolderLock.isTaken(folder)).isFalse();
    }
}
