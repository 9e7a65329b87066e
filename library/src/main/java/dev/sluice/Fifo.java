// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.poll.OpenDescriptor;
import dev.sluice.internal.poll.Opening;
import dev.sluice.internal.poll.Peers;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * An open FIFO: see fifo(7).
 *
 * <p>Opening holds no thread and can be given up at any time. {@link #open} returns at once, and the first read or
 * write waits for the peer. {@link #awaitPeer} is the wait of a blocking open(2), but ends by interrupt, deadline and
 * close. No other process that waits on the same FIFO is ever released by giving up.
 *
 * <p>While a writer waits for its reader nothing but a timer can find that one: it takes up to 20 ms, and longer while
 * hundreds wait. A FIFO that is open survives that its path is unlinked or replaced, a writer that waits included.
 *
 * <p>A reader is at its end when the last writer leaves, not before the first has come. If another writer comes
 * afterwards, reading goes on. {@link #awaitPeer} waits for that one, and so does a {@link Copy} that is told to.
 *
 * {@snippet file="dev/sluice/snippets/Snippets.java" region="fifo" :
 * Fifo.create(path);
 * try (Fifo fifo = Fifo.open(path, StandardOpenOption.WRITE)) {
 *     fifo.setWriteDeadline(Duration.ofSeconds(5));
 *     fifo.awaitPeer(); // until a reader opens the FIFO, for five seconds at most
 *     fifo.write(message);
 * }
 * }
 */
public final class Fifo extends Descriptor {
    private Fifo(OpenDescriptor open) {
        super(open);
    }

    /**
     * Makes a FIFO: see mkfifo(3). One that exists already is left as it is.
     *
     * @param path where
     * @param attributes its permissions, as {@link java.nio.file.attribute.PosixFilePermissions#asFileAttribute} gives
     *     them, less the umask; 0600 without any
     * @throws java.nio.file.FileAlreadyExistsException EEXIST, "not a FIFO", if anything else lies there
     * @throws IOException any other error, as a {@link java.nio.file.FileSystemException}
     */
    public static void create(Path path, FileAttribute<?>... attributes) throws IOException {
        Opening.makeFifo(path, Permissions.mode(attributes, 0600));
    }

    /**
     * Opens a FIFO, and returns at once. A symbolic link is not followed unless {@link FifoOption#FOLLOW_LINKS} is
     * given.
     *
     * @param path where
     * @param options {@link java.nio.file.StandardOpenOption#READ} (as without any), WRITE, or both: then there is
     *     always a peer, oneself, and so neither an end nor a hang-up
     * @return the FIFO, to be closed by the caller
     * @throws java.nio.file.FileSystemException EINVAL, "not a FIFO", for anything else that lies there
     * @throws java.nio.file.FileSystemLoopException ELOOP for a symbolic link
     * @throws java.nio.file.NoSuchFileException ENOENT
     */
    public static Fifo open(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> others = new HashSet<>(Arrays.asList(options));
        boolean follow = others.remove(FifoOption.FOLLOW_LINKS);
        int access = OpenFlags.of(others) & Constants.O_ACCMODE;
        return new Fifo(Opening.openFifo(path, access, follow));
    }

    /**
     * Opens a FIFO and waits for its peer, as open(2) does; one that has come and left again by then is enough. The
     * wait ends as that of {@link #awaitPeer} does. If it fails the FIFO is closed.
     *
     * @param path where
     * @param options as for {@link #open}
     * @return the FIFO, whose other end is open
     * @throws IOException as for {@link #open} and {@link #awaitPeer}
     */
    public static Fifo connect(Path path, OpenOption... options) throws IOException {
        Fifo fifo = open(path, options);
        try {
            Peers.awaitFirst(fifo.internal());
            return fifo;
        } catch (Throwable failure) {
            fifo.close();
            throw failure;
        }
    }

    /**
     * Opens a FIFO and waits for its peer for so long at most: as {@link #connect(Path, OpenOption...)}.
     *
     * @param path where
     * @param atMost how long
     * @param options as for {@link #open}
     * @return the FIFO, whose other end is open; it has no deadline
     * @throws java.net.SocketTimeoutException if there is no peer by then
     * @throws IOException as for {@link #open} and {@link #awaitPeer}
     */
    public static Fifo connect(Path path, Duration atMost, OpenOption... options) throws IOException {
        Fifo fifo = open(path, options);
        try {
            if (fifo.internal().isReadable()) {
                fifo.setReadDeadline(atMost);
                Peers.awaitFirst(fifo.internal());
                fifo.clearReadDeadline();
            } else {
                fifo.setWriteDeadline(atMost);
                Peers.awaitFirst(fifo.internal());
                fifo.clearWriteDeadline();
            }
            return fifo;
        } catch (Throwable failure) {
            fifo.close();
            throw failure;
        }
    }

    /**
     * Waits until the other end is open, and takes no data. When the last peer has left, this waits for the next:
     *
     * <ul>
     *   <li>A reader for its next writer. What the last one has left to be read ends the wait at once. After a wait,
     *       the reader is as one that never had a writer: a read waits for data, and is not at the end. A writer that
     *       comes and leaves during the wait ends it too, and a read then tells the end.
     *   <li>A writer for its next reader. What the last one has not read is there for the next.
     * </ul>
     *
     * <p>It stays the same FIFO, whatever lies at its path by then. A peer is found within some 20 ms, and later while
     * hundreds wait. Ended by interrupt, by close, and by the side's deadline, as {@link Descriptor} says.
     *
     * @throws java.nio.file.FileSystemException EACCES, EMFILE and the like, where a reader whose writers have left
     *     cannot be opened anew
     * @throws IOException as {@link Descriptor} says
     */
    public void awaitPeer() throws IOException {
        try {
            Peers.await(internal());
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
