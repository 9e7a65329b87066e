// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NothingLeft;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of a Unix-domain socket: one's own goes with it, a dead process's is replaced, nobody else's is touched. */
@ExtendWith(NothingLeft.class)
class SocketFileTest {
    @TempDir
    Path folder;

    private Path path = Path.of("");
    private UnixDomainSocketAddress address = UnixDomainSocketAddress.of("");

    @BeforeEach
    void choosePath() {
        path = folder.resolve("socket");
        address = UnixDomainSocketAddress.of(path);
    }

    private static ProcessBuilder child(Path path, String... more) {
        List<String> java = Jvm.command(SocketFileChild.class, path.toString());
        java.addAll(List.of(more));
        return new ProcessBuilder(java);
    }

    /** Somebody listened there, and was killed. */
    private void leaveStale() throws IOException {
        Listener listener = Listener.open(address);
        listener.keepFile();
        listener.close();
    }

    @Test
    void itGoesWithTheListener() throws Exception {
        try (Listener listener = Listener.open(address)) {
            assertThat(Files.exists(path)).isTrue();
            assertThat(listener.localAddress()).isEqualTo(address);
        }
        assertThat(Files.exists(path)).isFalse();
    }

    @Test
    void thatOfADeadProcessIsReplaced() throws Exception {
        try (Child child = Child.start(child(path, "die"))) {
            assertThat(Bytes.read(child.stdout())).isEqualTo("ready\n");
            Bytes.write(child.stdin(), "go");
            assertThat(Bytes.read(child.stdout())).isEqualTo("listens\n");
            assertThatThrownBy(() -> Listener.open(address))
                    .isInstanceOf(BindException.class)
                    .hasMessage("bind unix " + path + ": EADDRINUSE (Address already in use)");
            Bytes.write(child.stdin(), "die");
            assertThat(child.waitFor()).isZero();
        }
        assertThat(Files.exists(path)).isTrue();
        assertThatThrownBy(() -> Connection.connect(address)).isInstanceOf(ConnectException.class);
        try (Listener listener = Listener.open(address);
                Connection client = Connection.connect(address);
                Connection server = listener.accept()) {
            Bytes.write(client, "hello");
            assertThat(Bytes.read(server)).isEqualTo("hello");
        }
        assertThat(Files.exists(path)).isFalse();
    }

    @Test
    void oneThatIsServedIsLeftAloneWhateverItsType() throws Exception {
        try (Listener live = Listener.open(address)) {
            refused();
            try (Connection client = Connection.connect(address)) {
                assertThat(client.isOpen()).isTrue();
            }
            assertThat(live.isOpen()).isTrue();
        }
        try (MessageSocket live = MessageSocket.bind(address)) {
            refused();
            try (MessageSocket client = MessageSocket.datagram()) {
                client.sendTo(Bytes.of("x"), address);
            }
            assertThat(Bytes.read(live)).isEqualTo("x");
        }
        try (MessageListener live = MessageListener.open(address);
                MessageSocket client = MessageSocket.connect(address)) {
            refused();
            assertThat(live.isOpen()).isTrue();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void oneWhoseQueueIsFullIsServed() throws Exception {
        List<Connection> clients = new ArrayList<>();
        try (Listener live = Listener.at(address).backlog(1).open()) {
            assertThat(live.isOpen()).isTrue();
            for (int i = 0; i < 2; i++) {
                clients.add(Connection.connect(address));
            }
            refused();
            Received.closeAll(clients);
        }
    }

    private void refused() {
        assertThatThrownBy(() -> Listener.open(address)).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> MessageSocket.bind(address)).isInstanceOf(BindException.class);
        assertThat(Files.exists(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "folder", "link to nothing", "link to a dead socket", "fifo"})
    void whatIsNoSocketIsNotTouched(String what) throws Exception {
        Path other = folder.resolve("other");
        switch (what) {
            case "file" -> Files.writeString(path, "precious");
            case "folder" -> Files.createDirectory(path);
            case "link to nothing" -> Files.createSymbolicLink(path, other);
            case "fifo" -> Fifo.create(path);
            default -> {
                leaveStale();
                Files.move(path, other);
                Files.createSymbolicLink(path, other);
            }
        }
        Object key = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        refusedUntouched(key);
        if (what.equals("file")) {
            assertThat(path).hasContent("precious");
        }
        assertThat(Files.exists(other)).isEqualTo(what.equals("link to a dead socket"));
    }

    private void refusedUntouched(Object key) throws IOException {
        assertThatThrownBy(() -> Listener.open(address)).isInstanceOf(BindException.class);
        assertThat(Files.readAttributes(
                                path,
                                java.nio.file.attribute.BasicFileAttributes.class,
                                java.nio.file.LinkOption.NOFOLLOW_LINKS)
                        .fileKey())
                .isEqualTo(key);
    }

    @Test
    void anothersAtOurPathIsNotRemovedByOurClose() throws Exception {
        Listener ours = Listener.open(address);
        Files.delete(path);
        try (Listener theirs = Listener.open(address)) {
            ours.close();
            assertThat(Files.exists(path)).isTrue();
            try (Connection client = Connection.connect(address);
                    Connection server = theirs.accept()) {
                assertThat(server.peerAddress()).isEqualTo(client.localAddress());
            }
        }
        Listener again = Listener.open(address);
        Files.delete(path);
        Files.writeString(path, "a file by now");
        again.close();
        assertThat(path).hasContent("a file by now");
        Files.delete(path);
        Listener gone = Listener.open(address);
        Files.delete(path);
        gone.close();
        assertThat(Files.exists(path)).isFalse();
    }

    @Test
    void aFileThatIsKeptIsServedByWhomItWasHandedTo() throws Exception {
        try (Connection.Pair pair = Connection.pair()) {
            Listener old = Listener.open(address);
            pair.one().send(Bytes.of("x"), List.of(old));
            old.keepFile();
            old.close();
            try (Received received = pair.other().receive(java.nio.ByteBuffer.allocate(1), 1);
                    Connection client = Connection.connect(address);
                    Connection server = ((Listener) received.descriptors().getFirst()).accept()) {
                Bytes.write(client, "hello");
                assertThat(Bytes.read(server)).isEqualTo("hello");
            }
        }
    }

    @Test
    void permissionsAreThoseAskedForLessTheUmaskFromTheStart() throws Exception {
        String umask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Umask:"))
                .findFirst()
                .orElseThrow();
        int mask = Integer.parseInt(umask.substring("Umask:".length()).strip(), 8);
        for (String wanted : List.of("rw-------", "rw-rw----", "rwxrwxrwx", "---------")) {
            try (Listener listener = Listener.at(address)
                    .permissions(PosixFilePermissions.fromString(wanted))
                    .open()) {
                assertThat(listener.isOpen()).isTrue();
                assertThat(mode(path)).isEqualTo(bits(wanted) & ~mask);
            }
        }
        try (Listener listener = Listener.open(address)) {
            assertThat(listener.isOpen()).isTrue();
            assertThat(mode(path)).isEqualTo(0777 & ~mask);
        }
    }

    private static int mode(Path path) throws IOException {
        return bits(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    private static int bits(String permissions) {
        return Integer.parseInt(permissions.replaceAll("[rwx]", "1").replace('-', '0'), 2);
    }

    @Test
    void aRelativePathAndOneWithoutAFolder() throws Exception {
        Path here = Path.of("target", "s" + ProcessHandle.current().pid());
        for (int i = 0; i < 2; i++) {
            Listener listener = Listener.open(UnixDomainSocketAddress.of(here));
            if (i == 0) {
                listener.keepFile();
            }
            listener.close();
        }
        assertThat(Files.exists(here)).isFalse();
        assertThatThrownBy(() -> Listener.open(UnixDomainSocketAddress.of(folder.resolve("none/socket"))))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThatThrownBy(() -> Listener.open(UnixDomainSocketAddress.of("x".repeat(108))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofTwoThatStartAtOnceOneWins() throws Exception {
        try (Child one = Child.start(child(path));
                Child other = Child.start(child(path))) {
            List<Child> children = List.of(one, other);
            for (Child child : children) {
                assertThat(Bytes.read(child.stdout())).isEqualTo("ready\n");
            }
            leaveStale();
            for (Child child : children) {
                Bytes.write(child.stdin(), "go");
            }
            List<String> said = new ArrayList<>();
            for (Child child : children) {
                said.add(Bytes.read(child.stdout()));
            }
            assertThat(said).containsExactlyInAnyOrder("listens\n", "in use\n");
            try (Connection client = Connection.connect(address)) {
                assertThat(client.isOpen()).isTrue();
            }
            for (Child child : children) {
                child.stdin().close();
                assertThat(child.waitFor()).isZero();
            }
        }
        assertThat(Files.exists(path)).isFalse();
    }

    @Test
    void ofManyThreadsThatStartAtOnceOneWins() throws Exception {
        for (int round = 0; round < 50; round++) {
            leaveStale();
            List<Object> outcomes = Stream.generate(() -> 0)
                    .limit(8)
                    .map(ignored -> dev.sluice.testing.OnThread.PLATFORM.call(this::listenOrNot))
                    .toList()
                    .stream()
                    .map(SocketFileTest::outcome)
                    .toList();
            List<Listener> winners = outcomes.stream()
                    .filter(Listener.class::isInstance)
                    .map(Listener.class::cast)
                    .toList();
            assertThat(winners).as("round %s", round).hasSize(1);
            try (Connection client = Connection.connect(address)) {
                assertThat(client.isOpen()).isTrue();
            }
            winners.getFirst().close();
            assertThat(Files.exists(path)).isFalse();
        }
    }

    private Object listenOrNot() throws IOException {
        try {
            return Listener.open(address);
        } catch (BindException inUse) {
            return inUse;
        }
    }

    private static Object outcome(dev.sluice.testing.Running<Object> running) {
        try {
            return running.get();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
