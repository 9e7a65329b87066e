// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice.Result;
import dev.sluice.testing.NeedsTool;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tap, {@code unix-listen:PATH?many}: readers come and go while the copy runs. */
class TapIT {
    private static final int BYTES = 4 << 20;

    @TempDir
    private Path folder;

    private Path socket = Path.of("tap");

    @BeforeEach
    void makeInput() throws Exception {
        socket = folder.resolve("tap");
        Sluice.shell(folder, "head -c 4M /dev/urandom >in").succeeded();
    }

    private Process start(String arguments) throws Exception {
        Process copy = Sluice.script(folder, "exec \"$S\" copy --stats=json " + arguments).start();
        if (arguments.contains("unix-listen:tap")) {
            // Its file is there before it listens.
            Await.until(() -> Listening.isBy(copy, "tap"));
        }
        return copy;
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static void say(Process copy, String text) throws IOException {
        OutputStream to = copy.getOutputStream();
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }

    private static byte[] rest(SocketChannel reader) throws IOException {
        return Channels.newInputStream(reader).readAllBytes();
    }

    /** Connects, and has dots said until one is heard: from then on he hears all. */
    private SocketChannel join(Process copy) throws Exception {
        SocketChannel reader = connect();
        reader.configureBlocking(false);
        Await.until(() -> {
            say(copy, ".");
            return reader.read(ByteBuffer.allocate(1)) == 1;
        });
        reader.configureBlocking(true);
        return reader;
    }

    /** The next line that is heard, without the dots before it. */
    private static String line(SocketChannel reader) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (reader.read(one.clear()) == 1 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString().replace(".", "");
    }

    @Test
    void readersComeAndGo() throws Exception {
        Process copy = start("- all 'unix-listen:tap?many'");
        say(copy, "nobody hears this\n");
        Await.until(() -> Files.exists(folder.resolve("all")) && Files.size(folder.resolve("all")) == 18);
        try (SocketChannel first = join(copy)) {
            say(copy, "one\n");
            assertThat(line(first)).isEqualTo("one");
            try (SocketChannel second = join(copy)) {
                say(copy, "two\n");
                assertThat(line(first)).isEqualTo("two");
                assertThat(line(second)).isEqualTo("two");
                first.close();
                say(copy, "three\n");
                assertThat(line(second)).isEqualTo("three");
                copy.getOutputStream().close();
                assertThat(rest(second)).isEmpty();
            }
        }
        Result result = Result.of(copy);
        assertThat(result.exit()).isZero();
        assertThat(result.err().lines()).hasSize(1);
        Stats.Row tap = Stats.of(result.err()).row(1);
        assertThat(tap.readers()).isEqualTo(2);
        assertThat(tap.skipped()).isIn(0L, 6L); // what the first one was offered as he went
        assertThat(tap.bytes()).isGreaterThanOrEqualTo("one\ntwo\ntwo\nthree\n".length());
        assertThat(Files.readString(folder.resolve("all")).replace(".", ""))
                .isEqualTo("nobody hears this\none\ntwo\nthree\n");
        assertThat(socket).doesNotExist();
    }

    @Test
    void aReaderThatHasStoppedHoldsBackNeitherTheSourceNorTheEnd() throws Exception {
        Process copy = start("- all 'unix-listen:tap?many'");
        try (SocketChannel reader = join(copy)) {
            long before = Files.size(folder.resolve("all"));
            copy.getOutputStream().write(Files.readAllBytes(folder.resolve("in")));
            Result result = Result.of(copy);

            assertThat(result.exit()).isZero();
            assertThat(result.err().lines().findFirst().orElseThrow())
                    .matches("sluice: unix-listen:tap\\?many: a reader is slow, and skips what it has no room for, "
                            + "after [0-9,]+ bytes");
            assertThat(result.err().lines()).hasSize(2);
            Stats.Row tap = Stats.of(result.err()).row(1);
            assertThat(tap.skipped()).isPositive();
            assertThat(tap.bytes() + tap.skipped()).isBetween((long) BYTES, BYTES + before + 1);
            assertThat(rest(reader)).hasSize((int) tap.bytes() - 1); // less the dot
        }
        Sluice.shell(folder, "tail -c 4M all | cmp - in").succeeded();
    }

    @Test
    void aReaderThatIsTooSlowIsDroppedIfToldTo() throws Exception {
        Process copy = start("--slow drop - all 'unix-listen:tap?many'");
        try (SocketChannel reader = join(copy)) {
            copy.getOutputStream().write(Files.readAllBytes(folder.resolve("in")));
            assertThat(Processes.errorLine(copy))
                    .matches("sluice: unix-listen:tap\\?many: a reader was too slow, dropped after [0-9,]+ bytes");
            assertThat(rest(reader)).hasSizeLessThan(BYTES); // and has ended, though the copy goes on
            say(copy, "more");
            assertThat(Result.of(copy).exit()).isZero();
        }
        Sluice.shell(folder, "tail -c 4M <(head -c -4 all) | cmp - in").succeeded();
    }

    @Test
    void withoutReadersTheSourceFlowsOn() throws Exception {
        Result result = Result.of(start("in 'tcp-listen:0?many'"));
        assertThat(result.exit()).isZero();
        Stats stats = Stats.of(result.err());
        assertThat(stats.bytes()).isEqualTo(BYTES);
        assertThat(stats.row(0)).isEqualTo(new Stats.Row("tcp-listen:0?many", 0, 0, 0, "end-of-source"));
    }

    @Test
    void itGoesOnWhenAllOthersHaveGone() throws Exception {
        Process copy = start("- exec:true 'unix-listen:tap?many'");
        assertThat(Processes.errorLine(copy))
                .isEqualTo("sluice: exec:true: nobody reads it any more, after 0 bytes");
        try (SocketChannel reader = join(copy)) {
            say(copy, "here\n");
            assertThat(line(reader)).isEqualTo("here");
        }
        assertThat(Result.of(copy).exit()).isZero();
    }

    @Test
    void itWaitsForAReaderIfTheyHoldTheSourceBack() throws Exception {
        Process copy = start("--slow block in 'unix-listen:tap?many'");
        try (SocketChannel reader = connect()) {
            assertThat(rest(reader)).isEqualTo(Files.readAllBytes(folder.resolve("in")));
        }
        Result result = Result.of(copy);
        assertThat(result.exit()).isZero();
        assertThat(Stats.of(result.err()).row(0).bytes()).isEqualTo(BYTES);
    }

    @Test
    void whoComesLateGetsTheLastBytesFirst() throws Exception {
        Process copy = start("- all 'unix-listen:tap?many,replay=5'");
        say(copy, "0123456789");
        Await.until(() -> Files.exists(folder.resolve("all")) && Files.size(folder.resolve("all")) == 10);
        try (SocketChannel reader = connect()) {
            ByteBuffer heard = ByteBuffer.allocate(5);
            while (heard.hasRemaining() && reader.read(heard) > 0) {
                // some of it
            }
            assertThat(new String(heard.array(), StandardCharsets.UTF_8)).isEqualTo("56789");
            say(copy, "and on");
            copy.getOutputStream().close();
            assertThat(rest(reader)).asString(StandardCharsets.UTF_8).isEqualTo("and on");
        }
        assertThat(Stats.of(Result.of(copy).err()).row(1).bytes()).isEqualTo(11);
    }

    @Test
    void byTcp() throws Exception {
        Process copy = start("--slow block in 'tcp-listen:0?many'");
        String told = Processes.errorLine(copy);
        assertThat(told).startsWith("sluice: listening on tcp:127.0.0.1:");
        int port = Integer.parseInt(told.substring(told.lastIndexOf(':') + 1));
        try (SocketChannel reader =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(rest(reader)).isEqualTo(Files.readAllBytes(folder.resolve("in")));
        }
        assertThat(Result.of(copy).exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "all"})
    void sigtermEndsItInGoodOrder(String other) throws Exception {
        Process copy = start("- 'unix-listen:tap?many' " + other);
        try (SocketChannel reader = join(copy)) {
            say(copy, "last\n");
            assertThat(line(reader)).isEqualTo("last");
            Processes.signal(copy, "TERM");
            assertThat(rest(reader)).isEmpty();
            assertThat(copy.waitFor()).isEqualTo(143);
        }
        assertThat(Stats.of(Result.of(copy).err()).end()).isEqualTo("interrupted");
        assertThat(socket).doesNotExist();
    }

    @Test
    @NeedsTool("socat")
    void asSocatSeesIt() throws Exception {
        Sluice.shell(folder, """
                touch seen
                (cat in; until [ -s seen ]; do sleep 0.01; done; echo end) |
                    "$S" copy --slow block - out 'unix-listen:tap?many,replay=1M' &
                until [ -S tap ]; do sleep 0.01; done
                socat - UNIX-CONNECT:tap </dev/null >/dev/null &
                socat -u UNIX-CONNECT:tap - >seen
                wait; [ $(stat -c %s out) = 4194308 ] && tail -c $(stat -c %s seen) out | cmp - seen""")
                .succeeded();
    }
}
