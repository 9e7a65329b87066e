// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
class CompressionTest {
    @TempDir
    private Path temp;

    private static ContainerLog open(ContainerFolder folder, int maxFiles) throws IOException {
        return ContainerLog.open(folder, Logs.options(LogFormat.RAW, 4, maxFiles, true));
    }

    private static void awaitCompressed(ContainerFolder folder, int k) {
        Awaitility.await().until(() -> Files.exists(folder.file("stdout.log." + k + ".gz"))
                && !Files.exists(folder.file("stdout.log." + k)));
    }

    @Test
    void theLastRotatedFileStaysReadable() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        try (ContainerLog log = open(folder, 10)) {
            Logs.append(log, Logs.line("aaa"), Logs.line("bbb"), Logs.line("ccc"), Logs.line("ddd"));
            awaitCompressed(folder, 2);
            awaitCompressed(folder, 3);

            assertThat(folder.file("stdout.log.1")).hasContent("ccc\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file("stdout.log.2.gz"))))
                    .isEqualTo("rw-r-----");
            assertThat(log.compressions()).isEqualTo(2);
        }
        assertThat(Logs.text(folder, "stdout.log")).isEqualTo("aaa\nbbb\nccc\nddd\n");
    }

    @Test
    void whatIsCompressedMayBeRenamedAndDeletedMeanwhile() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        StringBuilder all = new StringBuilder();
        Random random = new Random(3);
        try (ContainerLog log = open(folder, 40)) {
            for (int i = 0; i < 300; i++) {
                String text = i + "x".repeat(random.nextInt(20_000));
                Logs.append(log, Logs.line(text));
                all.append(text).append('\n');
            }
            Awaitility.await().until(() -> noneIsPlain(folder, 2, 40));

            String kept = Logs.text(folder, "stdout.log");
            assertThat(kept.lines()).hasSize(40);
            assertThat(all.toString()).endsWith(kept);
        }
    }

    private static boolean noneIsPlain(ContainerFolder folder, int from, int to) {
        for (int k = from; k < to; k++) {
            if (Files.exists(folder.file("stdout.log." + k))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void whatAKilledProcessHasLeftIsDoneAnew() throws IOException {
        ContainerFolder folder = Logs.folder(temp);
        Files.writeString(folder.file("stdout.log.2"), "bb\n");
        Files.writeString(folder.file("stdout.log.1"), "cc\n");
        Files.writeString(folder.file(".stdout.log.gz.new"), "half");
        Path old = folder.file("stdout.log.3.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(old))) {
            out.write("aa\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        Files.writeString(folder.file("stdout.log.3"), "aa\n"); // was named, and not deleted

        open(folder, 5).close();
        try (ContainerLog log = open(folder, 5)) {
            awaitCompressed(folder, 2);
            Logs.append(log, Logs.line("d"));
        }

        assertThat(folder.file(".stdout.log.gz.new")).doesNotExist();
        assertThat(folder.file("stdout.log.3")).doesNotExist();
        assertThat(Logs.text(folder, "stdout.log")).isEqualTo("aa\nbb\ncc\nd\n");
        assertThat(Journal.rotations(folder, 0)).isEqualTo(8);
    }
}
