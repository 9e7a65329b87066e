// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.Needs;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong: one line that says what, the right exit code, and everything as it was before. */
class BadInputIT {
    @TempDir
    private Path folder;

    private String before = "";

    @BeforeEach
    void makeFiles() throws Exception {
        Files.writeString(folder.resolve("in"), "some bytes\n");
        Files.writeString(folder.resolve("old"), "precious\n");
        Files.createDirectory(folder.resolve("dir"));
        before = tree();
    }

    @AfterEach
    void nothingHasChanged() throws Exception {
        assertThat(tree()).isEqualTo(before);
    }

    private String tree() throws Exception {
        StringBuilder tree = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                tree.append(folder.relativize(file));
                if (Files.isRegularFile(file) && Files.isReadable(file)) {
                    tree.append(": ").append(Arrays.toString(Files.readAllBytes(file)));
                }
                tree.append('\n');
            }
        }
        return tree.toString();
    }

    /** Something that a test itself has made. */
    private void made(String script) throws Exception {
        assertThat(Sluice.shell(folder, script).exit()).isZero();
        before = tree();
    }

    private void fails(String script, String line) throws Exception {
        Sluice.shell(folder, script).failed(1, line);
    }

    @Test
    void aSourceThatIsMissing() throws Exception {
        fails("\"$S\" copy nope old", "open nope: ENOENT (No such file or directory)");
        fails("\"$S\" copy nope new", "open nope: ENOENT (No such file or directory)");
        fails("\"$S\" copy fifo:nope old", "open nope: ENOENT (No such file or directory)");
        fails("\"$S\" copy in/x old", "open in/x: ENOTDIR (Not a directory)");
    }

    @Test
    void aSourceThatIsADirectory() throws Exception {
        fails("\"$S\" copy dir old", "read dir: EISDIR (Is a directory)");
        fails("\"$S\" copy dir new", "read dir: EISDIR (Is a directory)");
        fails("\"$S\" copy - new <dir", "read fd 0: EISDIR (Is a directory)");
    }

    @Test
    void aDestinationThatCannotBe() throws Exception {
        fails("\"$S\" copy in dir", "open dir: EISDIR (Is a directory)");
        fails("\"$S\" copy in nope/new", "open nope/new: ENOENT (No such file or directory)");
        fails("\"$S\" copy in old/new", "open old/new: ENOTDIR (Not a directory)");
        fails("\"$S\" copy in 'old?new'", "open old: EEXIST (File exists)");
        fails("\"$S\" copy in fifo:nope", "open nope: ENOENT (No such file or directory)");
        String long256 = "x".repeat(256);
        fails("\"$S\" copy in " + long256, "open " + long256 + ": ENAMETOOLONG (File name too long)");
    }

    @Test
    void theWrongKind() throws Exception {
        fails("\"$S\" copy fifo:in old", "open in: EINVAL (Invalid argument), not a FIFO");
        fails("\"$S\" copy in fifo:old", "open old: EINVAL (Invalid argument), not a FIFO");
        fails("\"$S\" copy in 'fifo:old?create=0600'", "mkfifo old: EEXIST (File exists), not a FIFO");
        made("ln -s loop loop");
        fails("\"$S\" copy loop old", "open loop: ELOOP (Too many levels of symbolic links)");
    }

    @Test
    @NeedsTool("python3")
    void aSocket() throws Exception {
        made("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'");
        fails("\"$S\" copy sock old", "open sock: ENXIO (No such device or address)");
        fails("\"$S\" copy in sock", "open sock: ENXIO (No such device or address)");
    }

    @Test
    void theSameFile() throws Exception {
        made("ln in link; ln -s in symlink");
        String same = ": EINVAL (Invalid argument), source and destination are the same";
        fails("\"$S\" copy in in", "copy in" + same);
        fails("\"$S\" copy in link", "copy in" + same);
        fails("\"$S\" copy in symlink", "copy in" + same);
        fails("\"$S\" copy in 'in?append'", "copy in" + same);
        fails("\"$S\" copy - in <in", "copy fd 0" + same);
        fails("\"$S\" copy - - <in >>in", "copy fd 0" + same);
        made("mkfifo fifo");
        fails("\"$S\" copy fifo fifo:fifo", "copy fifo" + same);
    }

    @Test
    void aDescriptorThatIsNotOpen() throws Exception {
        fails("\"$S\" copy fd:9 new", "adopt fd 9: EBADF (Bad file descriptor)");
        fails("\"$S\" copy in fd:9", "adopt fd 9: EBADF (Bad file descriptor)");
        // The lowest numbers are those that the JVM's own files get.
        fails("\"$S\" copy fd:3 new", "adopt fd 3: EBADF (Bad file descriptor)");
        fails("\"$S\" copy fd:4 new", "adopt fd 4: EBADF (Bad file descriptor)");
        fails("\"$S\" copy - new <&-", "read fd 0: EBADF (Bad file descriptor), not open for reading");
        fails("\"$S\" copy in - >&-", "write fd 1: EBADF (Bad file descriptor), not open for writing");
        assertThat(Sluice.shell(folder, "\"$S\" copy nope - 2>&-").exit()).isEqualTo(1);
        fails("\"$S\" copy fd:7 new 7>>old", "read fd 7: EBADF (Bad file descriptor), not open for reading");
        fails("\"$S\" copy in fd:7 7<old", "write fd 7: EBADF (Bad file descriptor), not open for writing");
    }

    @Test
    void aRefusedPermission() throws Exception {
        made("chmod 600 in; chmod 400 old; chmod 500 dir; mkfifo -m 600 fifo");
        String user = "";
        if (Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            user = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
            Needs.check(Sluice.shell(folder, user + "\"$S\" --version").exit() == 0, "an unprivileged user");
        } else {
            made("chmod 000 in fifo");
        }
        fails(user + "\"$S\" copy in dir/new", "open in: EACCES (Permission denied)");
        fails(user + "\"$S\" copy fifo:fifo dir/new", "open fifo: EACCES (Permission denied)");
        fails("echo x | " + user + "\"$S\" copy - old", "open old: EACCES (Permission denied)");
        fails("echo x | " + user + "\"$S\" copy - dir/new", "open dir/new: EACCES (Permission denied)");
        fails(user + "\"$S\" copy 'fifo:dir/new?create=0600' -", "mkfifo dir/new: EACCES (Permission denied)");
    }

    @Test
    void aFullDisk() throws Exception {
        fails("\"$S\" copy in /dev/full", "write /dev/full: ENOSPC (No space left on device)");
        fails("cat in | \"$S\" copy - /dev/full", "write /dev/full: ENOSPC (No space left on device)");
    }

    @Test
    @NeedsTool("unshare")
    void aFileSystemThatIsFull() throws Exception {
        String mounted = "unshare -m bash -c 'mount -t tmpfs -o size=64k none dir && cd dir && %s'";
        Needs.check(Sluice.shell(folder, mounted.formatted("true")).exit() == 0, "the right to mount a tmpfs");

        Result notBegun = Sluice.shell(
                folder,
                mounted.formatted(
                        "head -c 1M /dev/zero >full 2>/dev/null; \"$S\" copy ../in new; code=$?; ls; exit $code"));
        assertThat(notBegun.out()).isEqualTo("full\n");
        assertThat(notBegun.exit()).isEqualTo(1);
        assertThat(notBegun.err()).matches("sluice: .*: ENOSPC \\(No space left on device\\)\n");

        Result partly = Sluice.shell(
                folder, mounted.formatted("\"$S\" copy -n 1M /dev/zero new; code=$?; stat -c %s new; exit $code"));
        assertThat(partly.out()).isEqualTo("65536\n");
        assertThat(partly.err()).isEqualTo("sluice: write new: ENOSPC (No space left on device)\n");
    }

    @Test
    void anAddressThatMakesTheFifoAndNoCopy() throws Exception {
        fails("\"$S\" copy 'fifo:new?create=0600' dir", "open dir: EISDIR (Is a directory)");
        fails("\"$S\" copy 'exec:touch ran' dir", "open dir: EISDIR (Is a directory)");
    }

    @Test
    void aNameThatIsNoText() throws Exception {
        Sluice.shell(folder, "\"$S\" copy in $'new\\xff'")
                .failed(2, "new\uFFFD: not text in the locale's charset; such a file can be redirected, as in - >file"
                        + " (see sluice copy --help)");
    }

    @Test
    void aWorkingDirectoryThatIsGone() throws Exception {
        Result result = Sluice.shell(folder, "mkdir gone; cd gone; rmdir ../gone; \"$S\" copy null: null:");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).endsWith("sluice: the working directory is gone\n").doesNotContain("Error");
    }

    @Test
    void aNameOfSeveralLinesIsToldInOne() throws Exception {
        fails("\"$S\" copy $'a\\nb\\tc\\e' new", "open a\\nb\\tc\\x1b: ENOENT (No such file or directory)");
    }
}
