// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jvm;
import dev.sluice.testing.NeedsTool;
import dev.sluice.testing.NothingLeft;
import dev.sluice.testing.OnThread;
import dev.sluice.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy between sockets does not ask again after a read that brought all; but it does where that may not be all. */
@ExtendWith(NothingLeft.class)
class ShortReadTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @ParameterizedTest
    @CsvSource({"VIRTUAL, TCP, 1", "PLATFORM, TCP, 1", "VIRTUAL, UNIX, 2", "PLATFORM, UNIX, 2"})
    @NeedsTool("strace")
    void aMessageIsReadOnceFromTcp(OnThread kind, String family, int reads, @TempDir Path folder) throws Exception {
        List<Long> numbers = new ArrayList<>();
        SystemCalls calls = SystemCalls.trace(
                "read,write", folder.resolve("trace"), Jvm.command(MessageCalls.class, kind.name(), family), numbers);
        SystemCalls messages = calls.between("messages");

        assertThat(messages.count("write\\(" + numbers.get(1) + ",.*")).isEqualTo(MessageCalls.MESSAGES);
        assertThat(messages.count("read\\(" + numbers.get(0) + ",.*")).isEqualTo(reads * MessageCalls.MESSAGES);
    }

    /** What the peer does while the copy waits for its destination, so that the edge is over before the next read. */
    private enum Act {
        END("and the end") {
            @Override
            void by(Socket peer) throws Exception {
                peer.getOutputStream().write("and the end".getBytes(US_ASCII));
                peer.shutdownOutput();
            }

            @Override
            boolean isSeen(Connection source) {
                return source.internal().peer().mayHaveEnded();
            }
        },
        URGENT("before and behind the mark") {
            @Override
            void by(Socket peer) throws Exception {
                peer.getOutputStream().write("before".getBytes(US_ASCII));
                peer.sendUrgentData('!');
                peer.getOutputStream().write(" and behind the mark".getBytes(US_ASCII));
            }

            @Override
            boolean isSeen(Connection source) {
                return source.internal().peer().mayHaveSentUrgent();
            }
        };

        final String text;

        Act(String text) {
            this.text = text;
        }

        abstract void by(Socket peer) throws Exception;

        abstract boolean isSeen(Connection source);
    }

    @ParameterizedTest
    @EnumSource
    void whatLiesBehindAShortReadIsNotWaitedFor(Act act) throws Exception {
        pass(OnThread.VIRTUAL, act, act::isSeen);
    }

    /** It waits in poll(2), which tells what is there however long it has been. */
    @ParameterizedTest
    @EnumSource
    void norByAPlatformThread(Act act) throws Exception {
        pass(OnThread.PLATFORM, act, source -> true);
    }

    private static Socket connect(SocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        return socket;
    }

    private static void pass(OnThread kind, Act act, Predicate<Connection> isSeen) throws Exception {
        Connection[] to = SocketPairs.unix();
        try (Listener listener = Listener.open(ANY_PORT);
                Socket peer = connect(listener.localAddress());
                Connection source = listener.accept();
                Connection destination = to[0];
                Connection reader = to[1]) {
            int full = Bytes.fill(destination);
            peer.getOutputStream().write("first ".getBytes(US_ASCII));
            Running<CopyResult> copy =
                    kind.call(Copy.from(source).to(destination)::run).awaitWaiting();
            act.by(peer);
            Awaitility.await("an event").until(() -> isSeen.test(source));
            copy.awaitWaiting();

            assertThat(reader.inputStream().readNBytes(full)).hasSize(full);
            assertThat(new String(reader.inputStream().readNBytes(6 + act.text.length()), US_ASCII))
                    .isEqualTo("first " + act.text);
            if (!peer.isOutputShutdown()) {
                peer.shutdownOutput();
            }
            assertThat(copy.get().bytes()).isEqualTo(6 + act.text.length());
        }
    }
}
