// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.testing.OnThread;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * One end of a copy under test, and the other side of it.
 *
 * @param ours what is copied from or to
 * @param theirs what the test writes, or reads, on the other side; null where nothing can be read again
 * @param child the process in between, if there is one
 */
record CopyEnd(Descriptor ours, @Nullable Descriptor theirs, @Nullable Child child) implements AutoCloseable {
    /** So little that a copy comes to a stand within a MiB. */
    private static final int TCP_BUFFER = 100_000;

    private CopyEnd(Descriptor ours, @Nullable Descriptor theirs) {
        this(ours, theirs, null);
    }

    static CopyEnd of(Descriptor ours, Descriptor theirs) {
        return new CopyEnd(ours, theirs);
    }

    static CopyEnd of(Descriptor[] pair) {
        return new CopyEnd(pair[0], pair[1]);
    }

    /** Every source with every destination, on both kinds of threads. */
    static Stream<Arguments> pairs() {
        return pairs(List.of(Destination.values()));
    }

    /** Those to a destination that can fill up, and go away. */
    static Stream<Arguments> livePairs() {
        return pairs(Stream.of(Destination.values()).filter(Destination::isLive).toList());
    }

    private static Stream<Arguments> pairs(List<Destination> destinations) {
        return Stream.of(OnThread.values())
                .flatMap(kind -> Stream.of(Source.values())
                        .flatMap(source -> destinations.stream()
                                .map(destination -> Arguments.of(source, destination, kind))));
    }

    /** What a copy may read from. */
    enum Source {
        PIPE,
        FIFO,
        FILE,
        TERMINAL,
        SOCKET,
        UNIX,
        TCP,
        CHILD;

        CopyEnd open(Path folder) throws IOException {
            return switch (this) {
                case PIPE -> {
                    Pipe pipe = Pipe.open();
                    yield new CopyEnd(pipe.source(), pipe.sink());
                }
                case FIFO -> {
                    Path path = Files.createTempDirectory(folder, "from").resolve("fifo");
                    Fifo.create(path);
                    Fifo reader = Fifo.open(path);
                    yield new CopyEnd(reader, Fifo.open(path, WRITE));
                }
                case FILE -> {
                    Path path = Files.createTempFile(folder, "from", "");
                    yield new CopyEnd(Descriptor.open(path), Descriptor.open(path, WRITE));
                }
                case TERMINAL -> {
                    Pty pty = Pty.raw();
                    yield new CopyEnd(pty.master(), pty.slave());
                }
                case SOCKET -> of(Libc.socketPair());
                case UNIX -> of(SocketPairs.unix());
                case TCP -> of(SocketPairs.tcp(TCP_BUFFER));
                case CHILD -> {
                    Child cat = cat();
                    yield new CopyEnd(cat.stdout(), cat.stdin(), cat);
                }
            };
        }

        /** Whether it is a stream socket, in non-blocking mode: SOCKET is in blocking mode. */
        boolean isSocket() {
            return this == UNIX || this == TCP;
        }

        /** Whether what is written there waits in a pipe of the kernel's, so that splice(2) applies. */
        boolean isPipe() {
            return this == PIPE || this == FIFO || this == CHILD;
        }

        /** Whether it has an end only when its writer closes, and until then is waited for. */
        boolean isLive() {
            return this != FILE;
        }
    }

    /** What a copy may write to. */
    enum Destination {
        PIPE,
        FIFO,
        FILE,
        APPENDED_FILE,
        TERMINAL,
        SOCKET,
        UNIX,
        TCP,
        NULL,
        CHILD;

        CopyEnd open(Path folder) throws IOException {
            return switch (this) {
                case PIPE -> {
                    Pipe pipe = Pipe.open();
                    yield new CopyEnd(pipe.sink(), pipe.source());
                }
                case FIFO -> {
                    Path path = Files.createTempDirectory(folder, "to").resolve("fifo");
                    Fifo.create(path);
                    Fifo reader = Fifo.open(path);
                    yield new CopyEnd(Fifo.open(path, WRITE), reader);
                }
                case FILE -> {
                    Path path = Files.createTempFile(folder, "to", "");
                    yield new CopyEnd(Descriptor.open(path, WRITE), Descriptor.open(path));
                }
                case APPENDED_FILE -> {
                    Path path = Files.createTempFile(folder, "to", "");
                    Files.writeString(path, "there before");
                    Descriptor reader = Descriptor.open(path);
                    reader.setPosition("there before".length());
                    yield new CopyEnd(Descriptor.open(path, APPEND), reader);
                }
                case TERMINAL -> {
                    Pty pty = Pty.raw();
                    yield new CopyEnd(pty.slave(), pty.master());
                }
                case SOCKET -> of(Libc.socketPair());
                case UNIX -> of(SocketPairs.unix());
                case TCP -> of(SocketPairs.tcp(TCP_BUFFER));
                case NULL -> new CopyEnd(Descriptor.open(Path.of("/dev/null"), READ, WRITE), null);
                case CHILD -> {
                    Child cat = cat();
                    yield new CopyEnd(cat.stdin(), cat.stdout(), cat);
                }
            };
        }

        boolean isSocket() {
            return this == UNIX || this == TCP;
        }

        boolean isPipe() {
            return this == PIPE || this == FIFO || this == CHILD;
        }

        /** Whether it takes only so much until its reader reads, and shows that the reader has gone. */
        boolean isLive() {
            return this != FILE && this != APPENDED_FILE && this != NULL;
        }
    }

    private static Child cat() throws IOException {
        return Child.start(new ProcessBuilder("cat").redirectError(Redirect.INHERIT));
    }

    /** The other side. */
    Descriptor peer() {
        if (theirs == null) {
            throw new IllegalStateException("nothing can be read there");
        }
        return theirs;
    }

    /** Leaves for good, in a way that shows: a close of a TCP connection looks as if it could still read. */
    void leave(Destination destination) throws IOException {
        if (child != null) {
            child.process().destroyForcibly();
        } else if (destination == Destination.TCP && peer() instanceof Connection connection) {
            connection.abort();
        } else {
            peer().close();
        }
    }

    @Override
    public void close() throws IOException {
        ours.close();
        if (theirs != null) {
            theirs.close();
        }
        if (child != null) {
            child.process().destroyForcibly();
            try {
                child.waitFor();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
