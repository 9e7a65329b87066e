// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is killed after any step of a rotation. */
class RotationTest {
    private static final int FILES = 4;

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void isFinishedByTheNext(int steps) throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        LogOptions options = Logs.options(LogFormat.RAW, 2, FILES, false);
        try (ContainerLog log = ContainerLog.open(folder, options)) {
            Logs.append(log, Logs.line("a"), Logs.line("b"), Logs.line("c"), Logs.line("d"));
        }
        long rotations = Journal.rotations(folder, 0);
        try (Journal journal = Journal.open(folder)) {
            journal.setRotations(0, rotations + 1);
        }
        interrupted(folder, steps);

        try (ContainerLog log = ContainerLog.open(folder, options)) {
            assertThat(Logs.text(folder, "stdout.log")).isEqualTo("b\nc\nd\n");
            assertThat(folder.file("stdout.log")).isEmptyFile();
            assertThat(folder.file("stdout.log.3")).hasContent("b\n");
            Logs.append(log, Logs.line("e"));
        }

        assertThat(Logs.text(folder, "stdout.log")).isEqualTo("b\nc\nd\ne\n");
        assertThat(Journal.rotations(folder, 0)).isEqualTo(rotations + 2);
    }

    /** So many steps of a rotation: one deletes, three rename, and one makes a file. */
    private static void interrupted(ContainerFolder folder, int steps) throws IOException {
        if (steps > 0) {
            Files.delete(folder.file("stdout.log.3"));
        }
        for (int k = FILES - 2; k >= 0 && steps > FILES - 1 - k; k--) {
            Files.move(
                    folder.file(LogNames.rotated("stdout.log", k)),
                    folder.file(LogNames.rotated("stdout.log", k + 1)),
                    StandardCopyOption.ATOMIC_MOVE);
        }
        if (steps > FILES) {
            Files.createFile(folder.file("stdout.log"));
        }
    }
}
