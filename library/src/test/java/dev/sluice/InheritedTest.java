// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.Other;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service manager passes, in JVMs of their own: Python makes the descriptors, and becomes the JVM. */
@ExtendWith(NothingLeft.class)
@NeedsTool("python3")
class InheritedTest {
    /** Each kind comes with something to find: a client that waits and has spoken, a message, bytes. */
    private static final String MANAGER =
            """
            import os, socket, sys
            kinds, folder = sys.argv[1].split(','), sys.argv[2]
            split = sys.argv.index('--')
            def listener(name, type):
                server = socket.socket(socket.AF_UNIX, type)
                server.bind(folder + '/' + name)
                server.listen()
                client = socket.socket(socket.AF_UNIX, type)
                client.connect(folder + '/' + name)
                client.send(b'from a client')
                return server.detach()
            def pair(type):
                one, other = socket.socketpair(socket.AF_UNIX, type)
                other.send(b'from a peer')
                other.detach()
                return one.detach()
            def fifo():
                os.mkfifo(folder + '/fifo')
                fd = os.open(folder + '/fifo', os.O_RDWR)
                os.write(fd, b'from a FIFO')
                return fd
            def file():
                path = folder + '/file'
                os.write(os.open(path, os.O_CREAT | os.O_WRONLY), b'from a file')
                return os.open(path, os.O_RDONLY)
            make = {
                'listener': lambda: listener('stream', socket.SOCK_STREAM),
                'seqpacket-listener': lambda: listener('seqpacket', socket.SOCK_SEQPACKET),
                'connection': lambda: pair(socket.SOCK_STREAM),
                'datagram': lambda: pair(socket.SOCK_DGRAM),
                'fifo': fifo, 'file': file}
            first = 0 if kinds[0] == 'inetd' else 3
            made = [os.dup2(make[kind](), 100 + i) for i, kind in enumerate(k for k in kinds if k in make)]
            os.closerange(3, 100)
            for i, fd in enumerate(made):
                os.dup2(fd, first + i)
                os.close(fd)
            environment = dict(os.environ)
            for setting in sys.argv[3:split]:
                key, value = setting.split('=', 1)
                environment[key] = str(os.getpid()) if value == 'SELF' else value
            os.execve(sys.argv[split + 1], sys.argv[split + 1:], environment)
            """;

    @TempDir
    Path folder;

    private List<String> run(String kinds, List<String> settings, String... arguments) throws IOException {
        Path manager = Files.writeString(folder.resolve("manager.py"), MANAGER);
        List<String> command = new ArrayList<>(List.of("python3", manager.toString(), kinds, folder.toString()));
        command.addAll(settings);
        command.add("--");
        command.addAll(Jvm.command(InheritedChild.class, arguments));
        try (Other child = Other.start(command.toArray(String[]::new))) {
            assertThat(child.exit()).isZero();
            return child.output().lines().toList();
        }
    }

    @Test
    void eachKindIsTakenAsWhatItIsAndOnce() throws Exception {
        assertThat(run(
                        "listener,seqpacket-listener,connection,datagram,fifo,file",
                        List.of("LISTEN_PID=SELF", "LISTEN_FDS=6", "LISTEN_FDNAMES=a:b:c::e:f g")))
                .containsExactly(
                        "taken: 6",
                        "a Listener: from a client",
                        "b MessageListener: from a client",
                        "c Connection: from a peer",
                        " MessageSocket: from a peer",
                        "e Descriptor: from a FIFO",
                        "f g Descriptor: from a file",
                        "taken: 0");
    }

    @Test
    void withoutNamesTheyAreUnknown() throws Exception {
        assertThat(run("connection", List.of("LISTEN_PID=SELF", "LISTEN_FDS=1")))
                .containsExactly("taken: 1", "unknown Connection: from a peer", "taken: 0");
    }

    @Test
    void whatIsForAnotherProcessIsLeftAlone() throws Exception {
        assertThat(run("connection", List.of("LISTEN_PID=1", "LISTEN_FDS=1"))).containsExactly("taken: 0", "taken: 0");
        assertThat(run("connection", List.of("LISTEN_FDS=1"))).containsExactly("taken: 0", "taken: 0");
        assertThat(run("connection", List.of("LISTEN_PID=SELF"))).containsExactly("taken: 0", "taken: 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "999999999 | inherit fd 4: EBADF (Bad file descriptor), not inherited, and LISTEN_FDS says 999999999",
                "2147483647 | inherit LISTEN_FDS=2147483647: EINVAL (Invalid argument), no number of descriptors",
                "99999999999 | inherit LISTEN_FDS=99999999999: EINVAL (Invalid argument), no number of descriptors",
                "-1 | inherit LISTEN_FDS=-1: EINVAL (Invalid argument), no number of descriptors",
                "many | inherit LISTEN_FDS=many: EINVAL (Invalid argument), no number of descriptors"
            })
    void aWrongNumberIsRefusedAtOnce(String number, String message) throws Exception {
        assertThat(run("connection", List.of("LISTEN_PID=SELF", "LISTEN_FDS=" + number)))
                .as("what the JVM itself has open is not taken for an inherited one")
                .containsExactly(message, message);
    }

    @Test
    void namesThatDoNotMatchAreRefused() throws Exception {
        String message = "inherit LISTEN_FDNAMES=a:b: EINVAL (Invalid argument), 2 names for 1";
        assertThat(run("connection", List.of("LISTEN_PID=SELF", "LISTEN_FDS=1", "LISTEN_FDNAMES=a:b")))
                .containsExactly(message, message);
    }

    @Test
    void inetdPassesAConnectionAsStandardInput() throws Exception {
        assertThat(run("inetd,connection", List.of(), "inetd"))
                .containsExactly("0: from a peer", "and then: /dev/null");
    }

    @Test
    @NeedsTool("systemd-socket-activate")
    void systemdsOwnToolIsUnderstood() throws Exception {
        Path socket = folder.resolve("activated");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (Other manager = Other.start(
                "systemd-socket-activate",
                "--listen=" + socket,
                "--fdname=web",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                InheritedChild.class.getName())) {
            await().until(() -> Files.exists(socket));
            try (Connection client = Connection.connect(UnixDomainSocketAddress.of(socket))) {
                Bytes.write(client, "hello");
                assertThat(manager.exit()).isZero();
            }
            assertThat(manager.output().lines().toList())
                    .containsExactly("taken: 1", "web Listener: hello", "taken: 0");
        }
    }
}
