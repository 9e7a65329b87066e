// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.Boot;
import dev.sluice.containers.log.ContainerDescription;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Output;
import dev.sluice.containers.log.Recorder;
import dev.sluice.containers.log.SavedSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A container that is live: its output is read and logged.
 *
 * <p>It is live from its first reading until the last one has ended: then its log is closed, container.json says so,
 * and it is over for good. Between {@link #pause} and {@link #resume} nothing is read, and its log is closed. The
 * monitor guards all that changes; the readings' threads take it at their end alone.
 */
public final class Container {
    private static final Logger LOG = System.getLogger(Container.class.getName());

    private final Registry registry;
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final List<AttachedReader> attached = new ArrayList<>();
    private ContainerDescription description;

    /** What container.json said before this container became live; null if there was none. */
    private final @Nullable ContainerState before;

    private final Instant started;
    private long droppedEntries;
    private long droppedBytes;
    private long bytes;
    private Logging.@Nullable Log log;
    private boolean paused;
    private boolean over;

    /** What all containers of a process share. */
    record Registry(
            Logging logging, StateFile files, ServiceManager manager, Supplier<Thread.Builder> threads, Ended ended) {}

    /** Told when a container is over. */
    @FunctionalInterface
    interface Ended {
        void ended(Container container);
    }

    Container(Registry registry, ContainerDescription description) {
        this.registry = registry;
        this.description = description;
        this.before = before(registry.files(), description.id());
        boolean goesOn = before != null && before.isLive();
        this.started = before != null && goesOn ? before.started() : Instant.now();
        this.droppedEntries = before == null ? 0 : before.droppedEntries();
        this.droppedBytes = before == null ? 0 : before.droppedBytes();
    }

    // A container starts whatever lies in its folder.
    private static @Nullable ContainerState before(StateFile files, String id) {
        try {
            return files.read(id);
        } catch (IOException unreadable) {
            LOG.log(Level.WARNING, "what was known about " + id + " is lost: " + unreadable.getMessage());
            return null;
        }
    }

    /** {@return what its folder is called} */
    public String id() {
        return description().id();
    }

    /** {@return who it is, and how it is logged} */
    public synchronized ContainerDescription description() {
        return description;
    }

    /** {@return how many sources it is read from at this moment} */
    public synchronized int sources() {
        return readings.size();
    }

    /** {@return what is to be known about it now} */
    public synchronized ContainerState state() {
        List<SavedSource> sources = new ArrayList<>();
        for (Reading reading : readings.values()) {
            Source source = reading.source();
            Path path = source.path();
            sources.add(new SavedSource(
                    source.name(), source.carries(), path == null ? "" : path.toString(), reading.inode()));
        }
        return new ContainerState(
                description,
                started,
                over ? Instant.now() : null,
                Boot.id(),
                sources,
                droppedEntries + (log == null ? 0 : log.counters().droppedEntries()),
                droppedBytes + (log == null ? 0 : log.counters().droppedBytes()));
    }

    /**
     * Reads these too from now on.
     *
     * @param beginning is told before the first byte is read; nothing is, if it throws
     * @return false if this container is over: it takes another one
     */
    synchronized boolean add(ContainerDescription now, List<Opened> sources, Containers.Beginning beginning)
            throws IOException {
        if (over) {
            return false;
        }
        List<Reading> fresh = new ArrayList<>();
        for (Opened each : sources) {
            String name = each.source().name();
            if (readings.containsKey(name)) {
                throw new IllegalArgumentException(id() + " is read from " + name + " already");
            }
            fresh.add(new Reading(each, registry.threads().get(), this::ended));
        }
        boolean begins = log == null && !paused;
        ContainerDescription then = description;
        description = now;
        boolean written = false;
        try {
            if (begins) {
                log = open(sources);
            }
            prepare(fresh);
            fresh.forEach(reading -> readings.put(reading.source().name(), reading));
            write(sources);
            written = true;
            fresh.forEach(this::store); // before anybody is told, who then need not care for them any more
            beginning.begins(this);
        } catch (Throwable failure) {
            fresh.forEach(reading -> readings.remove(reading.source().name(), reading));
            description = then;
            if (begins) {
                over = true;
                closeLog();
            }
            if (written) {
                fresh.forEach(reading -> registry.manager().forget(storeName(reading.source())));
                save(true);
            }
            if (begins) {
                registry.ended().ended(this);
            }
            throw failure;
        }
        if (begins && Recorder.isOn()) {
            ContainerStartEvent.commit(state());
        }
        if (log != null) {
            fresh.forEach(Reading::start);
        }
        return true;
    }

    /** Of those who read it in the process before this one. */
    void attachAll(List<TakeOver.Attached> readers) {
        for (TakeOver.Attached reader : readers) {
            try {
                attach(reader.client(), reader.ends(), () -> {});
            } catch (IOException | RuntimeException failure) {
                LOG.log(Level.WARNING, "who reads " + id() + " gets nothing more", failure);
                reader.close();
            }
        }
    }

    /** A container that runs already is not stopped by a disk that is full, or has become read-only. */
    private Logging.Log open(List<Opened> sources) throws IOException {
        return areAllNew(sources) ? registry.logging().open(description) : openOrDrop();
    }

    private Logging.Log openOrDrop() {
        try {
            return registry.logging().open(description);
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, "the log of " + id() + " cannot be opened, and what it writes is dropped", failure);
            return NoLog.of(registry.logging().counters());
        }
    }

    private void write(List<Opened> sources) throws IOException {
        if (areAllNew(sources)) {
            registry.files().write(state());
        } else {
            save(false);
        }
    }

    private static boolean areAllNew(List<Opened> sources) {
        return sources.stream().allMatch(each -> each.origin() == Opened.Origin.NEW);
    }

    private void prepare(Collection<Reading> fresh) throws IOException {
        Logging.Log now = log;
        if (now == null) {
            return; // until it is read on
        }
        for (Reading reading : fresh) {
            if (reading.origin() == Opened.Origin.NEW) {
                reading.prepare(now);
            } else {
                reading.prepareOrDrop(now);
            }
        }
    }

    private void store(Reading reading) {
        String name = storeName(reading.source());
        switch (reading.origin()) {
            case NEW -> registry.manager().store(name, reading.source().descriptor());
            case FOUND_AGAIN -> {
                registry.manager().forget(name);
                registry.manager().store(name, reading.source().descriptor());
            }
            case KEPT -> {}
        }
    }

    private String storeName(Source source) {
        return storeName(id(), source.name());
    }

    /** What the service manager's store calls a source. No id has a slash. */
    static String storeName(String id, String source) {
        return id + "/" + source;
    }

    private synchronized void ended(Reading reading) {
        Source source = reading.source();
        readings.remove(source.name(), reading);
        close(source);
        registry.manager().forget(storeName(source));
        boolean last = readings.isEmpty();
        boolean nothingCame = last && bytes() == 0;
        if (last) {
            over = true;
            closeLog();
        }
        save(nothingCame);
        if (!last) {
            return;
        }
        registry.ended().ended(this);
        if (Recorder.isOn()) {
            ContainerEndEvent.commit(state(), bytes());
        }
    }

    /** Whoever merely looks at the log of a container that has ended leaves it as it was. */
    private void save(boolean nothingCame) {
        ContainerState was = before;
        boolean merelyLooked = over && nothingCame && was != null && !was.isLive();
        try {
            registry.files().write(merelyLooked ? Objects.requireNonNull(was) : state());
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "container.json of " + id() + " cannot be written", failure);
        }
    }

    private void closeLog() {
        Logging.Log closing = log;
        if (closing == null) {
            return;
        }
        bytes += closing.counters().bytes();
        droppedEntries += closing.counters().droppedEntries();
        droppedBytes += closing.counters().droppedBytes();
        log = null;
        closing.attachments().end();
        try {
            closing.close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "the log of " + id() + " was not closed well", failure);
        }
    }

    private static void close(Source source) {
        try {
            source.descriptor().close();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, source.descriptor() + " was not closed well", failure);
        }
    }

    /** {@return the bytes that have been taken from its sources by this process} */
    public synchronized long bytes() {
        Logging.Log now = log;
        return bytes + (now == null ? 0 : now.counters().bytes());
    }

    private synchronized @Nullable Reading reading(Path fifo) {
        for (Reading reading : readings.values()) {
            if (fifo.equals(reading.source().path())) {
                return reading;
            }
        }
        return null;
    }

    private synchronized List<Reading> readings() {
        return List.copyOf(readings.values());
    }

    /** Waits for the end of a FIFO, or of so long a silence: see {@link Containers#finish(Path, Duration)}. */
    boolean finish(Path fifo, Duration quiet) throws InterruptedException {
        Reading reading = reading(fifo);
        if (reading == null) {
            return false;
        }
        finish(reading, quiet);
        return true;
    }

    /** Waits for the end of all, or of so long a silence. */
    void finish(Duration quiet) throws InterruptedException {
        for (Reading reading : readings()) {
            finish(reading, quiet);
        }
    }

    private void finish(Reading reading, Duration quiet) throws InterruptedException {
        for (long known = bytes(); !reading.awaitEnd(quiet); ) {
            synchronized (this) {
                long now = bytes();
                if (now == known && !paused) {
                    reading.stopForGood();
                }
                known = now;
            }
        }
    }

    /** Asks the readings to stop, with nothing lost: what is not logged stays in the sources. */
    void stopReading() {
        readings().forEach(Reading::stop);
    }

    /**
     * Waits until nothing is read, and closes the log. Those who are attached get what was logged. Does nothing if it
     * is paused already: another process may have it by now, and writes container.json.
     */
    void pause() {
        synchronized (this) {
            if (paused) {
                return;
            }
            paused = true;
        }
        List<Reading> stopping = readings();
        stopping.forEach(Reading::stop);
        stopping.forEach(Reading::awaitStopped);
        List<AttachedReader> kept;
        synchronized (this) {
            if (over) {
                return;
            }
            kept = List.copyOf(attached);
            kept.forEach(AttachedReader::keep);
            closeLog();
            save(false);
        }
        kept.forEach(AttachedReader::release);
    }

    /** Reads on after {@link #pause}. */
    synchronized void resume() {
        if (!paused || over) {
            return;
        }
        Logging.Log now = openOrDrop();
        log = now;
        readings.values().forEach(reading -> reading.prepareOrDrop(now));
        paused = false;
        for (AttachedReader reader : List.copyOf(attached)) {
            attachAgain(reader, now);
        }
        readings.values().forEach(Reading::start);
    }

    private void attachAgain(AttachedReader reader, Logging.Log to) {
        try {
            reader.attach(to.attachments());
            reader.closeAtEnd();
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.WARNING, "who reads " + id() + " gets nothing more", failure);
            attached.remove(reader);
            reader.close();
        }
    }

    /** {@return its sources, which nobody reads while it is paused} */
    synchronized Held held() {
        return new Held(state(), readings.values().stream().map(Reading::source).toList());
    }

    /** {@return who reads what it writes, while it is paused} */
    synchronized List<AttachedReader> attached() {
        return List.copyOf(attached);
    }

    /**
     * Lets somebody read what it writes from now on.
     *
     * @param answer runs when nothing will be missed any more, and before the client's connection can be closed
     * @return false if it is over
     * @throws IOException if that is not possible
     */
    synchronized boolean attach(MessageSocket client, Map<Output, Descriptor> ends, Runnable answer)
            throws IOException {
        if (over) {
            return false;
        }
        AttachedReader reader = new AttachedReader(client, ends, this::gone);
        Logging.Log now = log;
        if (now != null) { // else when it is read on
            reader.attach(now.attachments());
        }
        attached.add(reader);
        answer.run();
        if (now != null) {
            reader.closeAtEnd();
        }
        return true;
    }

    private synchronized void gone(AttachedReader reader) {
        attached.remove(reader);
    }

    /** Lets go of everything, after {@link #pause}; container.json goes on saying live. */
    synchronized void abandon() {
        readings.values().forEach(reading -> close(reading.source()));
        readings.clear();
        attached.forEach(AttachedReader::close);
        attached.clear();
    }
}
