// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.containers.log.Closing;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The FIFOs that a container's standard streams go through, as containerd lays them out: {@code ID-stdin}, {@code
 * ID-stdout} and {@code ID-stderr}, with mode 0700, in a folder of their own with mode 0700. Their paths are what
 * containerd is given when it makes a task, or a process in one.
 *
 * {@snippet :
 * try (FifoSet streams = FifoSet.create(folder.resolve("web"), "web", Set.of(STDOUT, STDERR))) {
 *     startTask(streams.path(STDOUT), streams.path(STDERR)); // by containerd's client
 *     Copy.from(streams.openOutput(STDOUT)).to(log).run();   // until the container has ended
 *     streams.remove();
 * }
 * }
 *
 * <h2>Opening</h2>
 * No thread is held by an open: {@link #openOutput} returns at once, and reading waits for containerd as it waits for
 * data; {@link #connectInput} waits, and can be given up, by interrupt, by its time limit, by closing this set. Each
 * call opens another descriptor. Any number of threads may call all methods.
 *
 * <h2>Detaching</h2>
 * <strong>To close is to detach, and no end to the container.</strong> containerd's shim holds both ends of each FIFO
 * open. So when a reader is closed the container gets no SIGPIPE: it goes on, what it writes stays in the FIFO, and
 * once that is full (64 KiB) it waits until somebody reads again: this set, another one {@linkplain #existing of the
 * same FIFOs}, or another process. And when the writer of its standard input is closed the container sees no end of
 * input: only containerd's CloseIO request does that.
 *
 * <p>The end of an output comes when the shim has closed its side, which it does once all processes that write there
 * have ended.
 *
 * <h2>Merged output</h2>
 * {@code ctr run --log-uri PATH}, with a path and no scheme, writes both outputs into one FIFO that is there already:
 * {@link #merged} makes it, as a set with a {@link StandardStream#STDOUT} only.
 */
public final class FifoSet implements Closeable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Map<StandardStream, Path> paths;

    /** Removed with the last FIFO; null if it is not ours. */
    private final @Nullable Path folder;

    /** What this set has opened, and perhaps closed since; guarded by itself. */
    private final List<Descriptor> opened = new ArrayList<>();

    private boolean closed;

    private FifoSet(Map<StandardStream, Path> paths, @Nullable Path folder) {
        this.paths = new EnumMap<>(paths);
        this.folder = folder;
    }

    /**
     * Makes the FIFOs, and their folder if it is missing. FIFOs that are there already are left as they are. If one
     * cannot be made, those that have been made stay.
     *
     * @param folder where; those above it must be there
     * @param id the container's, or that of a process in one
     * @param streams which ones: no {@link StandardStream#STDERR} for a container with a terminal, and no {@link
     *     StandardStream#STDIN} for one that reads nothing
     * @return the set; nothing is open yet
     * @throws IllegalArgumentException if no file can be called like this id, or there are no streams
     * @throws FileAlreadyExistsException if something other than a FIFO lies there
     * @throws FileSystemException if the folder is none, or a link, or others than its owner may write to it; or any
     *     other failure
     */
    public static FifoSet create(Path folder, String id, Set<StandardStream> streams) throws IOException {
        Map<StandardStream, Path> paths = paths(folder, id, streams);
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException there) {
            checkFolder(folder);
        }
        for (Path path : paths.values()) {
            make(path);
        }
        return new FifoSet(paths, folder);
    }

    /**
     * The FIFOs that somebody else has made: {@code ctr run --fifo-dir} for instance, or this program before it was
     * started anew. Those of the three streams that are there are in the set.
     *
     * @param folder where
     * @param id the container's
     * @return the set; nothing is open yet
     * @throws IllegalArgumentException if no file can be called like this id
     * @throws NoSuchFileException if there is none of them
     */
    public static FifoSet existing(Path folder, String id) throws IOException {
        Map<StandardStream, Path> paths = paths(folder, id, Set.of(StandardStream.values()));
        paths.values().removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        if (paths.isEmpty()) {
            throw new NoSuchFileException(folder.resolve(id + "-*").toString());
        }
        return new FifoSet(paths, folder);
    }

    /**
     * Makes one FIFO for both outputs: see {@code ctr run --log-uri}. One that is there already is left as it is.
     *
     * @param path where; its folder must be there
     * @return the set, with {@link StandardStream#STDOUT} only; nothing is open yet
     * @throws FileAlreadyExistsException if something other than a FIFO lies there
     * @throws FileSystemException any other failure
     */
    public static FifoSet merged(Path path) throws IOException {
        make(path);
        return new FifoSet(Map.of(StandardStream.STDOUT, path), null);
    }

    private static Map<StandardStream, Path> paths(Path folder, String id, Set<StandardStream> streams) {
        if (id.isEmpty() || id.indexOf('/') >= 0 || id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no file can be called like '" + id + "'");
        }
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("a set of no streams");
        }
        Map<StandardStream, Path> paths = new EnumMap<>(StandardStream.class);
        streams.forEach(stream -> paths.put(stream, folder.resolve(id + "-" + stream.label())));
        return paths;
    }

    private static void make(Path path) throws IOException {
        boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Fifo.create(path, mode);
        if (!there) {
            Files.setPosixFilePermissions(path, OWNER_ONLY); // whatever the umask has taken from it
        }
    }

    // Whoever may write there may put another FIFO in the place of ours.
    private static void checkFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(folder.toString(), null, "is there already, and no folder");
        }
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
        if (may.contains(PosixFilePermission.GROUP_WRITE) || may.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FileSystemException(folder.toString(), null, "may be written by others than its owner");
        }
    }

    /** {@return the streams that there is a FIFO for} */
    public Set<StandardStream> streams() {
        return Set.copyOf(paths.keySet());
    }

    /**
     * The path to give to containerd.
     *
     * @param stream one of {@link #streams}
     * @return its FIFO
     * @throws IllegalArgumentException if the set does not have it
     */
    public Path path(StandardStream stream) {
        Path path = paths.get(stream);
        if (path == null) {
            throw new IllegalArgumentException("there is no FIFO for " + stream.label() + " in this set");
        }
        return path;
    }

    /**
     * Opens an output for reading, and returns at once. A read waits until there is data; the end comes as the class
     * says, and not before containerd has opened the FIFO.
     *
     * @param stream {@link StandardStream#STDOUT} or {@link StandardStream#STDERR}
     * @return the reading end; closed by the caller or with this set, which detaches
     * @throws IllegalArgumentException if it is no output, or the set does not have it
     * @throws ClosedChannelException if this set is closed
     * @throws IOException as for {@link Fifo#open}
     */
    public Fifo openOutput(StandardStream stream) throws IOException {
        if (stream == StandardStream.STDIN) {
            throw new IllegalArgumentException("stdin is no output");
        }
        return own(Fifo.open(path(stream)));
    }

    /**
     * Opens the input for writing, and waits until containerd has opened its side.
     *
     * @param atMost how long to wait
     * @return the writing end; closed by the caller or with this set, which detaches, and is no end of input
     * @throws IllegalArgumentException if the set has no {@link StandardStream#STDIN}
     * @throws java.net.SocketTimeoutException if containerd does not come by then
     * @throws java.io.InterruptedIOException if the thread is interrupted
     * @throws ClosedChannelException if this set is closed, before or meanwhile
     * @throws IOException as for {@link Fifo#open}
     */
    public Fifo connectInput(Duration atMost) throws IOException {
        Fifo fifo = own(Fifo.open(path(StandardStream.STDIN), StandardOpenOption.WRITE));
        try {
            fifo.setWriteDeadline(atMost);
            fifo.awaitPeer();
            fifo.clearWriteDeadline();
            return fifo;
        } catch (Throwable failure) {
            fifo.close();
            throw failure;
        }
    }

    private Fifo own(Fifo fifo) throws IOException {
        synchronized (opened) {
            if (!closed) {
                opened.removeIf(each -> !each.isOpen());
                opened.add(fifo);
                return fifo;
            }
        }
        fifo.close();
        throw new ClosedChannelException();
    }

    /**
     * Detaches: closes all that was opened by this set. Whoever waits for it is told so. The FIFOs stay where they are,
     * and the container goes on, as the class says. A second close does nothing.
     *
     * @throws IOException if a descriptor was not closed well; all are closed nonetheless
     */
    @Override
    public void close() throws IOException {
        List<Descriptor> closing;
        synchronized (opened) {
            closed = true;
            closing = List.copyOf(opened);
            opened.clear();
        }
        Closing.all(closing);
    }

    /**
     * Closes this set and removes the FIFOs, and their folder if nothing else is in it (but not that of {@link
     * #merged}). Whoever has one open can go on with it. What is missing is no failure.
     *
     * @throws IOException if one cannot be removed
     */
    public void remove() throws IOException {
        close();
        for (Path path : paths.values()) {
            Files.deleteIfExists(path);
        }
        if (folder != null) {
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException shared) {
                return; // others need it
            }
        }
    }
}
