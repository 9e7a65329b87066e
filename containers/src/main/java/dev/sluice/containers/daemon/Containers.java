// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a host whose output this process reads and logs. All methods may be called by any number of
 * threads.
 */
public final class Containers implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Containers.class.getName());

    /** An intake that naps comes back within 5 ms. */
    private static final Duration QUIET = Duration.ofMillis(50);

    private final LogFolder folder;
    private final StateFile files;
    private final Container.Registry shared;
    private final Map<String, Container> live = new ConcurrentHashMap<>();

    /** Nothing starts while all is paused: a thread that pauses need not be the one that resumes. */
    private final StampedLock gate = new StampedLock();

    private long paused;

    /** Who is to know that sources are read from now on: when all is ready, and before the first byte is taken. */
    @FunctionalInterface
    interface Beginning {
        /** Nobody is. */
        Beginning UNTOLD = container -> {};

        /**
         * Tells it.
         *
         * @throws IOException if that cannot be told; nothing is read then
         */
        void begins(Container container) throws IOException;
    }

    Containers(LogFolder folder, Logging logging, ServiceManager manager) {
        this(folder, logging, manager, Thread::ofVirtual);
    }

    /** @param threads make those that read, one for each source */
    private Containers(
            LogFolder folder, Logging logging, ServiceManager manager, Supplier<Thread.Builder> threads) {
        this.folder = folder;
        this.files = new StateFile(folder);
        this.shared = new Container.Registry(
                logging, files, manager, threads, container -> live.remove(container.id(), container));
    }

    /**
     * Opens a log folder, for a process without a {@link Daemon}, and with few sources: each is read by a platform
     * thread, which needs nobody else to wait or to write a file. Nothing is taken up again.
     *
     * @param folder where each container has a folder of its own; made if it is missing
     * @return the registry, to be closed by the caller
     * @throws IOException if the folder cannot be made, or is none that can be trusted
     */
    public static Containers open(Path folder) throws IOException {
        LogFolder logs = LogFolder.open(folder);
        return new Containers(logs, new Logs(logs), ServiceManager.of(Map.of()), () -> Thread.ofPlatform().daemon());
    }

    /** {@return the log folder} */
    public LogFolder folder() {
        return folder;
    }

    /**
     * Reads and logs a container's output from now on, each source on a thread of its own, until its end.
     * Returns when container.json says so and the reading has begun. A container that is live already gets these
     * sources besides; its description is the new one then.
     *
     * @param description the container
     * @param sources what is to be read. They belong to this registry from now on, and are closed if this method throws
     * @return the container
     * @throws IllegalArgumentException if the id cannot be a folder's name, or two sources have the same name
     * @throws IOException if the log cannot be opened, or another process logs this container by itself
     */
    public Container start(ContainerDescription description, List<Source> sources) throws IOException {
        return start(description, sources, Beginning.UNTOLD);
    }

    /** The same, unless whoever has handed them over does not hear of it: then nothing is read. */
    Container start(ContainerDescription description, List<Source> sources, Beginning beginning)
            throws IOException {
        try {
            checkNotLone(description.id());
        } catch (Throwable failure) {
            close(sources, failure);
            throw failure;
        }
        return open(description, allNew(sources), beginning);
    }

    /** The same, for whoever has the lock of the container's folder. */
    Container startHere(ContainerDescription description, List<Source> sources) throws IOException {
        return open(description, allNew(sources), Beginning.UNTOLD);
    }

    private static List<Opened> allNew(List<Source> sources) {
        return sources.stream()
                .map(source -> new Opened(source, Opened.Origin.NEW))
                .toList();
    }

    /** See {@link LoneContainer}. */
    private void checkNotLone(String id) throws IOException {
        if (LogFolder.isId(id) && FolderLock.isTaken(folder.path().resolve(id))) {
            throw new FileSystemException(folder.path().resolve(id).toString(), null, "another process logs here");
        }
    }

    /** The same, for sources that this process need not be the first to read. */
    Container open(ContainerDescription description, List<Opened> opened) throws IOException {
        return open(description, opened, Beginning.UNTOLD);
    }

    private Container open(ContainerDescription description, List<Opened> opened, Beginning beginning)
            throws IOException {
        List<Source> sources = opened.stream().map(Opened::source).toList();
        long starting = gate.readLock();
        try {
            checkNames(sources);
            for (;;) {
                Container container = container(description);
                if (container.add(description, opened, beginning)) {
                    return container;
                }
                live.remove(description.id(), container); // it has just ended
            }
        } catch (Throwable failure) {
            close(sources, failure);
            throw failure;
        } finally {
            gate.unlockRead(starting);
        }
    }

    /** Reads on what the process before this one has read. One that cannot be read on is logged as an error. */
    void readOn(List<Held> held, List<TakeOver.Attached> attached) {
        for (Held each : held) {
            String id = each.state().description().id();
            List<TakeOver.Attached> readers = attached.stream()
                    .filter(reader -> reader.container().equals(id))
                    .toList();
            try {
                List<Opened> opened = each.sources().stream()
                        .map(source -> new Opened(source, Opened.Origin.KEPT))
                        .toList();
                open(each.state().description(), opened, container -> container.attachAll(readers));
            } catch (IOException | RuntimeException failure) {
                LOG.log(Level.ERROR, id + " cannot be read on", failure);
                readers.forEach(TakeOver.Attached::close);
            }
        }
    }

    private static void checkNames(List<Source> sources) {
        Set<String> names = new HashSet<>();
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("a container without a source");
        }
        for (Source source : sources) {
            if (!names.add(source.name())) {
                throw new IllegalArgumentException("two sources are called " + source.name());
            }
        }
    }

    private Container container(ContainerDescription description) {
        @Nullable Container known = live.get(description.id());
        if (known != null) {
            return known;
        }
        Container fresh = new Container(shared, description);
        @Nullable Container faster = live.putIfAbsent(description.id(), fresh);
        return faster == null ? fresh : faster;
    }

    /** Closes them all, since something has failed. */
    static void close(List<Source> sources, Throwable failure) {
        for (Source source : sources) {
            try {
                source.descriptor().close();
            } catch (IOException another) {
                failure.addSuppressed(another);
            }
        }
    }

    /**
     * Waits until a FIFO's end has come and all of it is logged, or nothing has come for so long; it is closed then,
     * and the container has ended when that was its last source. Does nothing if nobody reads that FIFO.
     *
     * @param fifo the path, as {@link Source#path}
     * @param quiet how long nothing may come
     * @return whether it was read
     * @throws InterruptedIOException if the thread is interrupted; the FIFO is read on
     */
    public boolean finish(Path fifo, Duration quiet) throws InterruptedIOException {
        try {
            for (Container container : live.values()) {
                if (container.finish(fifo, quiet)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException interrupted) {
            throw interrupted("finish " + fifo);
        }
    }

    /**
     * Waits until all sources of a container have ended: as {@link #finish(Path, Duration)}.
     *
     * @param id the container's
     * @param quiet how long nothing may come
     * @return whether it was live
     * @throws InterruptedIOException if the thread is interrupted
     */
    public boolean finish(String id, Duration quiet) throws InterruptedIOException {
        @Nullable Container container = live(id);
        if (container == null) {
            return false;
        }
        try {
            container.finish(quiet);
            return true;
        } catch (InterruptedException interrupted) {
            throw interrupted("finish " + id);
        }
    }

    private static InterruptedIOException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(what + ": interrupted");
    }

    /** {@return those that are live now} */
    public List<Container> live() {
        return List.copyOf(live.values());
    }

    /** {@return the container of that id, if it is live} */
    public @Nullable Container live(String id) {
        return live.get(id);
    }

    /** {@return what counts all that has come for all of them} */
    public Counters counters() {
        return shared.logging().counters();
    }

    /**
     * What is saved about a container, live or not.
     *
     * @return null if there is none of that id
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if container.json cannot be read
     */
    public @Nullable ContainerState state(String id) throws IOException {
        @Nullable Container container = live(id);
        return container != null ? container.state() : files.read(id);
    }

    StateFile files() {
        return files;
    }

    /** Reads nothing any more until {@link #resume}: all that comes stays in the sources. */
    synchronized void pause() {
        if (paused == 0) {
            paused = gate.writeLock();
        }
        List<Container> all = live();
        all.forEach(Container::stopReading); // all at once, and then waits
        all.forEach(Container::pause);
    }

    /** Reads on after {@link #pause}. One that cannot be read on is logged as an error. */
    synchronized void resume() {
        if (paused != 0) {
            gate.unlockWrite(paused);
            paused = 0;
        }
        for (Container container : live()) {
            try {
                container.resume();
            } catch (RuntimeException failure) {
                LOG.log(Level.ERROR, container.id() + " cannot be logged any more", failure);
            }
        }
    }

    /** {@return all that is live, while it is paused} */
    List<Held> held() {
        List<Held> held = new ArrayList<>();
        live().forEach(container -> held.add(container.held()));
        return held;
    }

    /** Waits until nothing comes any more for a moment, but not for long: what waits in the sources gets logged. */
    void drain(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        for (long known = -1, now = counters().bytes();
                now != known && System.nanoTime() < until;
                now = counters().bytes()) {
            known = now;
            Thread.sleep(QUIET);
        }
    }

    /**
     * Stops all reading, with nothing lost: what is not logged yet stays in the sources, which are closed;
     * container.json goes on saying live, so that the next process takes them up again.
     */
    @Override
    public void close() {
        pause();
        live().forEach(Container::abandon);
        live.clear();
    }
}
