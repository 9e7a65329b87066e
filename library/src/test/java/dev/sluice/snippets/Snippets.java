// SPDX-License-Identifier: Apache-2.0
package dev.sluice.snippets;

import dev.sluice.Child;
import dev.sluice.Connection;
import dev.sluice.Copy;
import dev.sluice.CopyResult;
import dev.sluice.Descriptor;
import dev.sluice.FanOut;
import dev.sluice.Fifo;
import dev.sluice.Inherited;
import dev.sluice.Listener;
import dev.sluice.MessageSocket;
import dev.sluice.ReceivedMessage;
import dev.sluice.Relay;
import dev.sluice.SlowPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** The examples in the Javadoc, compiled. Each must be there word by word, which JavadocTest sees to. */
final class Snippets {
    private Snippets() {}

    static void descriptor(ByteBuffer buffer) throws IOException {
        // @start region="descriptor" :
        try (Descriptor terminal = Descriptor.open(Path.of("/dev/tty"))) {
            terminal.setReadDeadline(Duration.ofSeconds(30));
            terminal.read(buffer); // parks the virtual thread; SocketTimeoutException after 30 s
        }
        // @end
    }

    static void peek(Descriptor source, ByteBuffer buffer) throws IOException {
        // @start region="peek" :
        int rest = 0;
        int seen;
        while ((seen = source.peek(buffer.clear(), rest)) > rest) {
            int kept = keepLines(buffer.flip()); // up to the last newline
            source.read(buffer.clear().limit(kept)); // takes these bytes, and no more
            rest = seen - kept;
        }
        // @end
    }

    static void raw(Descriptor socket) throws IOException {
        // @start region="raw" :
        socket.read(fd -> receive(fd) != EAGAIN); // runs again whenever the socket may be readable
        // @end
    }

    static void fifo(Path path, ByteBuffer message) throws IOException {
        // @start region="fifo" :
        Fifo.create(path);
        try (Fifo fifo = Fifo.open(path, StandardOpenOption.WRITE)) {
            fifo.setWriteDeadline(Duration.ofSeconds(5));
            fifo.awaitPeer(); // until a reader opens the FIFO, for five seconds at most
            fifo.write(message);
        }
        // @end
    }

    static int child(Descriptor log) throws IOException, InterruptedException {
        // @start region="child" :
        try (Child make = Child.start(new ProcessBuilder("make").redirectErrorStream(true))) {
            Copy.from(make.stdout()).to(log).run(); // to the last word, whoever says it
            return make.waitFor();
        }
        // @end
    }

    static void connection(ByteBuffer request, Descriptor file) throws IOException {
        // @start region="connection" :
        try (Connection connection = Connection.to("example.org", 80).timeout(Duration.ofSeconds(5)).connect()) {
            connection.write(request);
            connection.shutdownWrite(); // the peer reads the end, and may answer still
            Copy.from(connection).to(file).run();
        }
        // @end
    }

    static void listener() throws IOException {
        // @start region="listener" :
        try (Listener listener = Listener.open(new InetSocketAddress("localhost", 7))) {
            for (;;) {
                Connection connection = listener.accept();
                Thread.startVirtualThread(() -> serve(connection));
            }
        }
        // @end
    }

    static void relay(Listener listener, SocketAddress target) throws IOException {
        // @start region="relay" :
        try (Connection client = listener.accept();
                Connection server = Connection.connect(target)) {
            Relay.between(client, server).run(); // until both have said their last word
        }
        // @end
    }

    static void message(ByteBuffer message, ByteBuffer buffer, Descriptor file, Descriptor output)
            throws IOException {
        // @start region="message" :
        try (MessageSocket.Pair pair = MessageSocket.pair(MessageSocket.Type.SEQPACKET)) {
            pair.one().send(message, List.of(file)); // the other process reads from the same open file
            try (ReceivedMessage received = pair.other().receive(buffer, 1)) {
                Copy.from(received.descriptors().getFirst()).to(output).run();
            }
        }
        // @end
    }

    static void inherited() throws IOException {
        // @start region="inherited" :
        for (Inherited inherited : Inherited.take()) {
            if (inherited.descriptor() instanceof Listener listener) {
                serve(listener);
            }
        }
        // @end
    }

    static void fanOut(Descriptor output, Descriptor log, Descriptor viewer) throws IOException {
        // @start region="fan-out" :
        FanOut fanOut = FanOut.from(output);
        fanOut.add(log, SlowPolicy.block());
        FanOut.Destination tap = fanOut.add(viewer, SlowPolicy.skipLines(1 << 20));
        fanOut.run(); // to the end of the output
        IO.println(tap.bytes() + " bytes shown, " + tap.skipped() + " left out");
        // @end
    }

    private static void serve(Listener listener) {
        throw new UnsupportedOperationException(listener.toString());
    }

    private static void serve(Connection connection) {
        throw new UnsupportedOperationException(connection.toString());
    }

    static void copy(Descriptor source, Descriptor destination) throws IOException {
        // @start region="copy" :
        CopyResult result = Copy.from(source).to(destination).run();
        if (result.end() == CopyResult.End.DESTINATION_GONE) {
            // what was not delivered is still in the source
        }
        // @end
    }

    private static final int EAGAIN = -11;

    private static int keepLines(ByteBuffer buffer) {
        return buffer.remaining();
    }

    private static int receive(int fd) {
        return fd;
    }
}
