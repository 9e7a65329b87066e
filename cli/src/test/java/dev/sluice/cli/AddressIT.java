// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every address that a copy takes, as its source and as its destination. */
class AddressIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws Exception {
        Files.writeString(folder.resolve("in"), "some bytes\n");
    }

    private Result sh(String script) throws Exception {
        return Sluice.shell(folder, script);
    }

    private String contentOf(String name) throws Exception {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void standardInputToStandardOutput() throws Exception {
        assertThat(sh("printf 'a\\0b' | \"$S\" copy - - | od -An -c").succeeded().out()).contains("a  \\0   b");
    }

    @Test
    void aFileIsReadFromItsStartAndCreatedAndTruncated() throws Exception {
        sh("\"$S\" copy in out").succeeded();
        assertThat(contentOf("out")).isEqualTo("some bytes\n");

        Files.writeString(folder.resolve("out"), "what was there before, and longer");
        sh("\"$S\" copy file:in file:out").succeeded();
        assertThat(contentOf("out")).isEqualTo("some bytes\n");
    }

    @Test
    void aFileIsAppendedTo() throws Exception {
        sh("\"$S\" copy in 'out?append' && \"$S\" copy in 'file:out?append,mode=0600'").succeeded();
        assertThat(contentOf("out")).isEqualTo("some bytes\nsome bytes\n");
    }

    @Test
    void aFileIsMadeWithAMode() throws Exception {
        sh("umask 022; \"$S\" copy in 'new?new,mode=0666'").succeeded();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void whatLiesAtAPathDecides() throws Exception {
        Result result = sh("""
                mkfifo fifo
                cat fifo & "$S" copy in fifo; wait
                cat in >fifo & "$S" copy fifo /dev/stdout""");
        assertThat(result.succeeded().out()).isEqualTo("some bytes\nsome bytes\n");
        sh("\"$S\" copy /dev/null /dev/null && \"$S\" copy in /dev/null").succeeded();
    }

    @Test
    void aNameThatLooksLikeASchemeIsAFileWhereItIsOne() throws Exception {
        sh("\"$S\" copy in ./a:b && \"$S\" copy a:b file:c:d").succeeded();
        assertThat(contentOf("c:d")).isEqualTo("some bytes\n");
    }

    @Test
    void aNameWithAQuestionMark() throws Exception {
        sh("\"$S\" copy in 'a?b?' && \"$S\" copy 'a?b' c").succeeded();
        assertThat(contentOf("a?b")).isEqualTo("some bytes\n");
        assertThat(contentOf("c")).isEqualTo("some bytes\n");
    }

    @Test
    void aNameThatIsNotAsciiInTheCLocale() throws Exception {
        sh("export LC_ALL=C; \"$S\" copy in 'größe €' && \"$S\" copy 'größe €' out").succeeded();
        assertThat(contentOf("out")).isEqualTo("some bytes\n");
        assertThat(sh("LC_ALL=C \"$S\" copy 'exec:echo $LC_ALL' -").succeeded().out()).isEqualTo("C\n");
        assertThat(sh("unset LC_ALL LC_CTYPE LANG; \"$S\" copy 'exec:echo ${LC_ALL-unset}' -").succeeded().out())
                .isEqualTo("unset\n");
    }

    @Test
    void aFifoWaitsForItsPeerAndEndsWithIt() throws Exception {
        Result result = sh("""
                mkfifo a b
                "$S" copy fifo:a fifo:b & copy=$!
                cat b >out & cat in >a
                wait $copy && wait && cat out""");
        assertThat(result.succeeded().out()).isEqualTo("some bytes\n");
    }

    @Test
    void aFifoIsMadeWithAMode() throws Exception {
        Result result = sh("""
                umask 022
                "$S" copy 'fifo:a?create=0660' - & copy=$!
                until [ -p a ]; do sleep 0.01; done
                stat -c %a a; cat in >a; wait $copy""");
        assertThat(result.succeeded().out()).isEqualTo("640\nsome bytes\n");
        assertThat(folder.resolve("a")).exists();
    }

    @Test
    void aFifoThatIsKeptIsReadFromOneWriterAfterAnother() throws Exception {
        Result result = sh("""
                mkfifo a
                "$S" copy -n 33 'fifo:a?keep' - & copy=$!
                cat in >a; (exec 3>a); cat in >a; cat in >a
                wait $copy""");
        assertThat(result.succeeded().out()).isEqualTo("some bytes\n".repeat(3));
    }

    @Test
    void aFifoThatIsKeptIsWrittenToOneReaderAfterAnother() throws Exception {
        Result result = sh("""
                mkfifo a
                seq 100000 | "$S" copy - 'fifo:a?keep' & copy=$!
                exec 3<a; head -c 1000 <&3 >out; exec 3<&-
                head -c 100000 a >>out; cat a >>out
                wait $copy; seq 100000 | cmp - out""");
        result.succeeded();
    }

    @Test
    void aFifoThatIsKeptIsLeftWhenTheSourceEndsAndNobodyReads() throws Exception {
        Result result = sh("""
                mkfifo a feed
                "$S" copy --stats=json - 'fifo:a?keep' <feed 2>stats & copy=$!
                exec 3>feed; echo x >&3; head -c 2 a
                exec 3>&-
                wait $copy && grep -o '"end":.*,' stats""");
        assertThat(result.succeeded().out()).startsWith("x\n\"end\":\"end-of-source\"");
    }

    @Test
    void aLinkToAFifoIsFollowed() throws Exception {
        Result result = sh("mkfifo a; ln -s a b; cat in >a & \"$S\" copy fifo:b -");
        assertThat(result.succeeded().out()).isEqualTo("some bytes\n");
    }

    @Test
    void aDescriptorThatIsInherited() throws Exception {
        assertThat(sh("\"$S\" copy fd:3 fd:4 3<in 4>out && cat out").succeeded().out()).isEqualTo("some bytes\n");
        assertThat(sh("cat in | \"$S\" copy fd:0 fd:1 | cat").succeeded().out()).isEqualTo("some bytes\n");
        assertThat(sh("\"$S\" copy in fd:2 2>out && cat out").out()).isEqualTo("some bytes\n");
    }

    @Test
    @NeedsTool("python3")
    void aDescriptorThatIsBothEnds() throws Exception {
        Result result = sh("""
                python3 - <<'PYTHON'
                import os, socket, subprocess
                ours, theirs = socket.socketpair()
                address = "fd:%d" % theirs.fileno()
                echo = subprocess.Popen([os.environ["S"], "copy", address, address], pass_fds=[theirs.fileno()])
                theirs.close()
                ours.send(b"hello")
                print(ours.recv(10))
                ours.shutdown(socket.SHUT_WR)
                print(ours.recv(10), echo.wait())
                PYTHON""");
        assertThat(result.succeeded().out()).isEqualTo("b'hello'\nb'' 0\n");
    }

    @Test
    void whatTheShellAppendsToIsAppendedTo() throws Exception {
        sh("\"$S\" copy in - >>out; \"$S\" copy - - <in >>out").succeeded();
        assertThat(contentOf("out")).isEqualTo("some bytes\nsome bytes\n");
    }

    @Test
    void aCommandsOutput() throws Exception {
        Result result = sh("echo input | \"$S\" copy 'exec:cat; (sleep 0.2; echo late) & echo early' -");
        assertThat(result.succeeded().out()).isEqualTo("input\nearly\nlate\n");
    }

    @Test
    void aCommandsInput() throws Exception {
        Result result = sh("\"$S\" copy in 'exec:sleep 0.2; tr a-z A-Z'");
        assertThat(result.succeeded().out()).isEqualTo("SOME BYTES\n");
        assertThat(sh("\"$S\" copy 'exec:echo a' 'exec:cat'").succeeded().out()).isEqualTo("a\n");
    }

    @Test
    void aCommandThatFailsMakesTheCopyFail() throws Exception {
        sh("\"$S\" copy 'exec:echo half; exit 3' out").failed(1, "exec:echo half; exit 3: exit status 3");
        assertThat(contentOf("out")).isEqualTo("half\n");
        sh("\"$S\" copy in 'exec:cat >/dev/null; exit 4'").failed(1, "exec:cat >/dev/null; exit 4: exit status 4");
        sh("\"$S\" copy in 'exec:exit 5'").failed(1, "exec:exit 5: exit status 5");
    }

    @Test
    void nothing() throws Exception {
        sh("\"$S\" copy null: out && \"$S\" copy in null:").succeeded();
        assertThat(contentOf("out")).isEmpty();
    }
}
