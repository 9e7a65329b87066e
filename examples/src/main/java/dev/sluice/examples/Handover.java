// SPDX-License-Identifier: Apache-2.0
package dev.sluice.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Child;
import dev.sluice.Connection;
import dev.sluice.Descriptor;
import dev.sluice.Listener;
import dev.sluice.MessageListener;
import dev.sluice.MessageSocket;
import dev.sluice.ReceivedMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;

/**
 * A server that is replaced by a new process while its clients talk to it: the old one passes on its listener and each
 * live connection, with what it has read of it and not answered yet, and no byte is lost. It answers each line with its
 * process id and the same line.
 *
 * <p>Started twice with the same path as its argument, the second takes over from the first. Started without, it shows
 * that: with two such processes, and clients that check each byte.
 */
public final class Handover {
    /** What one client has said and not been answered, and what it has been answered and not sent. */
    private static final int ROOM = 64 * 1024;

    private final Path control;
    private final Map<Session, Thread> sessions = new ConcurrentHashMap<>();

    private Handover(Path control) {
        this.control = control;
    }

    public static void main(String... args) throws Exception {
        if (args.length == 0) {
            demonstrate();
        } else {
            new Handover(Path.of(args[0])).serve();
        }
    }

    private void serve() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(control);
        Listener listener = takeOver(address);
        // The old process has removed its file by now, and what it left by dying is replaced.
        try (listener;
                MessageListener successors = MessageListener.open(
                        address, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            int port = ((InetSocketAddress) listener.localAddress()).getPort();
            IO.println(ProcessHandle.current().pid() + " listens on " + port + " with " + sessions.size() + " clients");
            Thread accepting = Thread.startVirtualThread(() -> acceptAll(listener));
            try (MessageSocket successor = successors.accept()) {
                successors.close(); // so that the path is free for it
                accepting.interrupt();
                accepting.join();
                handOver(successor, listener);
            }
        }
    }

    // ---- the new process

    private Listener takeOver(UnixDomainSocketAddress address) throws IOException {
        try (MessageSocket predecessor = MessageSocket.connect(address)) {
            Listener listener = null;
            for (;;) {
                ByteBuffer state = ByteBuffer.allocate(Integer.BYTES + 2 * ROOM);
                ReceivedMessage message = predecessor.receive(state, 1);
                if (message.bytes() < 0) {
                    return Objects.requireNonNull(listener, "the old process has passed on nothing");
                }
                switch (message.descriptors().getFirst()) {
                    case Listener its -> listener = its;
                    case Connection client -> start(Session.from(client, state.flip()));
                    default -> throw new IOException("neither listener nor client: " + message);
                }
            }
        } catch (NoSuchFileException | ConnectException nobody) {
            return Listener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }
    }

    // ---- the old process

    /** Each session's thread is interrupted, which loses nothing, and waited for: then its state is complete. */
    private void handOver(MessageSocket successor, Listener listener) throws Exception {
        successor.send(ByteBuffer.allocate(0), List.of(listener));
        for (Map.Entry<Session, Thread> entry : List.copyOf(sessions.entrySet())) {
            Session session = entry.getKey();
            entry.getValue().interrupt();
            entry.getValue().join();
            if (sessions.containsKey(session)) {
                successor.send(session.state(), List.of(session.client));
                session.client.close(); // the successor has one of its own
            }
        }
    }

    // ---- both

    private void acceptAll(Listener listener) {
        try {
            for (;;) {
                start(new Session(listener.accept()));
            }
        } catch (InterruptedIOException | AsynchronousCloseException handedOver) {
            // clients wait in the listener's queue meanwhile
        } catch (IOException failure) {
            IO.println(failure);
        }
    }

    private void start(Session session) {
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            if (session.serve()) {
                sessions.remove(session);
            }
        });
        sessions.put(session, thread);
        thread.start();
    }

    /** One client, and what is between it and us: both buffers are ready to be read from. */
    private static final class Session {
        private final Connection client;
        private final ByteBuffer said = ByteBuffer.allocate(ROOM).flip();
        private final ByteBuffer answers = ByteBuffer.allocate(ROOM).flip();

        Session(Connection client) {
            this.client = client;
        }

        static Session from(Connection client, ByteBuffer state) {
            Session session = new Session(client);
            int count = state.getInt();
            session.answers.compact().put(state.slice(state.position(), count)).flip();
            session.said.compact().put(state.position(state.position() + count)).flip();
            return session;
        }

        ByteBuffer state() {
            ByteBuffer state = ByteBuffer.allocate(Integer.BYTES + 2 * ROOM);
            return state.putInt(answers.remaining()).put(answers).put(said).flip();
        }

        /** @return whether the client has gone; else the thread was interrupted, and nothing is lost */
        boolean serve() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    client.write(answers);
                    answerLines();
                    if (!answers.hasRemaining() && !readMore()) {
                        client.close();
                        return true;
                    }
                }
                return false;
            } catch (InterruptedIOException handedOver) {
                return false; // the buffers' positions tell how far it came
            } catch (IOException failure) {
                IO.println(failure);
                abort();
                return true;
            }
        }

        private void abort() {
            try {
                client.abort();
            } catch (IOException another) {
                IO.println(another);
            }
        }

        private boolean readMore() throws IOException {
            said.compact();
            try {
                if (!said.hasRemaining()) {
                    throw new IOException(client + ": a line that is too long");
                }
                return client.read(said) >= 0;
            } finally {
                said.flip();
            }
        }

        private void answerLines() {
            byte[] prefix = (ProcessHandle.current().pid() + " ").getBytes(UTF_8);
            answers.compact();
            for (int end = endOfLine(); end >= 0 && answers.remaining() >= prefix.length + end; end = endOfLine()) {
                answers.put(prefix).put(said.slice(said.position(), end));
                said.position(said.position() + end);
            }
            answers.flip();
        }

        private int endOfLine() {
            for (int i = said.position(); i < said.limit(); i++) {
                if (said.get(i) == '\n') {
                    return i + 1 - said.position();
                }
            }
            return -1;
        }
    }

    // ---- what it is good for

    private static void demonstrate() throws Exception {
        Path folder = Files.createTempDirectory("handover");
        try (Child old = start(folder)) {
            int port = portOf(old);
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (Connection busy = Connection.connect(address);
                    Connection quiet = Connection.connect(address)) {
                quiet.write(text("half a "));
                Numbers numbers = new Numbers(busy);
                numbers.awaitAnswersBy(old.process().pid());
                try (Child young = start(folder)) {
                    String same = portOf(young) == port ? "the same port" : "another port";
                    numbers.awaitAnswersBy(young.process().pid());
                    IO.println("the old process ended with " + old.waitFor() + ", the new one has " + same);
                    IO.println(numbers.end());
                    quiet.write(text("line\n"));
                    boolean byYoung = reader(quiet).readLine().equals(young.process().pid() + " half a line");
                    IO.println("a line begun before and ended after is whole: " + byYoung);
                    young.process().destroy();
                }
            }
        } finally {
            Files.deleteIfExists(folder.resolve("control"));
            Files.delete(folder);
        }
    }

    private static Child start(Path folder) throws IOException {
        return Child.start(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Handover.class.getName(),
                folder.resolve("control").toString()));
    }

    private static int portOf(Child server) throws IOException {
        String line = reader(server.stdout()).readLine();
        return Integer.parseInt(line.replaceAll(".* listens on (\\d+) .*", "$1"));
    }

    private static BufferedReader reader(Descriptor from) {
        return new BufferedReader(new InputStreamReader(from.inputStream(), UTF_8));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** A client that never pauses: it sends numbered lines, and checks that each is answered once and in order. */
    private static final class Numbers {
        private static final int ENOUGH = 10_000;

        private final BufferedReader answers;
        private final FutureTask<Long> sending;
        private volatile boolean over;
        private long checked;

        Numbers(Connection server) {
            answers = reader(server);
            sending = new FutureTask<>(() -> {
                long next = 0;
                for (; !over; next++) {
                    server.write(text(next + "\n"));
                }
                server.shutdownWrite();
                return next;
            });
            Thread.startVirtualThread(sending);
        }

        void awaitAnswersBy(long process) throws IOException {
            for (int count = 0; count < ENOUGH; ) {
                count += check(answers.readLine()) == process ? 1 : 0;
            }
        }

        String end() throws Exception {
            over = true;
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                check(line);
            }
            return "lines sent and not answered: " + (sending.get() - checked) + " of more than " + ENOUGH;
        }

        private long check(String line) {
            String[] parts = line.split(" ");
            if (Long.parseLong(parts[1]) != checked) {
                throw new IllegalStateException("line " + checked + " was answered by " + line);
            }
            checked++;
            return Long.parseLong(parts[0]);
        }
    }
}
