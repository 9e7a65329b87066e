// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerFolder;
import dev.sluice.containers.log.ContainerState;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A container that a process of its own reads and logs, without a daemon.
 *
 * <p>Its folder is locked meanwhile, so that a daemon that starts in the same log folder leaves it alone. Where another
 * process logs a container of the same id (containerd's namespaces each have ids of their own, and so have the
 * processes in a container), this one's folder is called {@code ID.2}, or the next number that is free.
 */
public final class LoneContainer implements Closeable {
    private static final int MOST_OF_ONE_ID = 100;

    /** For those who wait for the end, however quiet it is. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Containers containers;
    private final String id;
    private final FolderLock lock;
    private final CountDownLatch over = new CountDownLatch(1);

    private LoneContainer(Containers containers, String id, FolderLock lock) {
        this.containers = containers;
        this.id = id;
        this.lock = lock;
    }

    /**
     * Reads and logs a container's output from now on, as {@link Containers#start} does.
     *
     * @param folder the log folder
     * @param description the container; its id may be taken
     * @param sources what is to be read. They belong to the returned one, and are closed if this method throws
     * @return the container, to be closed by the caller
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if the log cannot be opened
     */
    public static LoneContainer start(Path folder, ContainerDescription description, List<Source> sources)
            throws IOException {
        Containers containers = Containers.open(folder);
        @Nullable FolderLock lock = null;
        try {
            String id = description.id();
            for (int number = 2; (lock = claim(containers, containers.folder().container(id))) == null; number++) {
                if (number > MOST_OF_ONE_ID) {
                    throw new FileSystemException(
                            folder.resolve(id).toString(), null, "others log containers of this id");
                }
                id = description.id() + "." + number;
            }
            containers.startHere(
                    new ContainerDescription(
                            id,
                            description.name(),
                            description.image(),
                            description.created(),
                            description.driver(),
                            description.options()),
                    sources);
            return new LoneContainer(containers, id, lock);
        } catch (Throwable failure) {
            Containers.close(sources, failure);
            if (lock != null) {
                lock.close();
            }
            throw failure;
        }
    }

    /** Takes a folder, unless another process has it, or the daemon of this log folder logs there. */
    private static @Nullable FolderLock claim(Containers containers, ContainerFolder folder) throws IOException {
        @Nullable FolderLock lock = FolderLock.tryTake(folder.path());
        if (lock == null) {
            return null;
        }
        try {
            @Nullable ContainerState state = containers.state(folder.id());
            if (state != null && state.isLive() && FolderLock.isTaken(containers.folder().path())) {
                lock.close();
                return null;
            }
            return lock;
        } catch (Throwable failure) {
            lock.close();
            throw failure;
        }
    }

    /** {@return what its folder is called} */
    public String id() {
        return id;
    }

    /**
     * Waits until the end of all sources has come, and all that came is logged.
     *
     * @throws InterruptedIOException if the thread is interrupted; it is logged on
     */
    public void awaitEnd() throws InterruptedIOException {
        containers.finish(id, FOR_EVER);
    }

    /**
     * Waits until another thread has waited for the end, and has closed this one.
     *
     * @param atMost how long
     * @return whether it has
     * @throws InterruptedIOException if the thread is interrupted; it is logged on
     */
    public boolean awaitEnd(Duration atMost) throws InterruptedIOException {
        try {
            return over.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Stops; what is not logged stays in the sources, which are closed. Lets go of the folder. */
    @Override
    public void close() throws IOException {
        try (lock) {
            containers.close();
        } finally {
            over.countDown();
        }
    }
}
