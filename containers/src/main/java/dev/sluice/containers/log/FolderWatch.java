// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for changes in a folder, by inotify(7).
 *
 * <p>A user may have no more than 128 inotify instances by default, so one serves all watches of the process, while
 * there are any. Where none is to be had, the folder is simply looked at every 50 ms.
 */
final class FolderWatch implements Closeable {
    private static final Duration WITHOUT_EVENTS = Duration.ofMillis(50);

    private final Path folder;
    private final boolean told;
    private final Semaphore changes = new Semaphore(0);
    private volatile boolean closed;

    /** Begins to watch: what changes from now on ends the next wait. */
    FolderWatch(Path folder) {
        this.folder = folder;
        this.told = Shared.add(this);
    }

    /**
     * Waits until something has changed since the last wait, or for so long.
     *
     * @throws AsynchronousCloseException if this is closed meanwhile
     */
    void await(Duration most) throws InterruptedException, AsynchronousCloseException {
        Duration patience = told || most.compareTo(WITHOUT_EVENTS) < 0 ? most : WITHOUT_EVENTS;
        boolean ignored = changes.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        changes.drainPermits();
        if (closed) {
            changes.release(); // for the next who waits
            throw new AsynchronousCloseException();
        }
    }

    private void changed() {
        if (changes.availablePermits() == 0) {
            changes.release();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            changes.release();
            if (told) {
                Shared.remove(this);
            }
        }
    }

    /** What all watches share: an inotify instance, and a thread that hands its events on. */
    private static final class Shared {
        private static @Nullable WatchService service;
        private static final Map<Path, Watched> BY_FOLDER = new HashMap<>();

        /** A folder, and who watches it. */
        private record Watched(WatchKey key, Set<FolderWatch> watches) {}

        private Shared() {}

        static synchronized boolean add(FolderWatch watch) {
            try {
                WatchService running = service;
                if (running == null) {
                    running = watch.folder.getFileSystem().newWatchService();
                    service = running;
                    WatchService events = running;
                    Thread.ofVirtual().name("sluice-log-watch").start(() -> handOn(events));
                }
                Watched watched = BY_FOLDER.get(watch.folder);
                if (watched == null || !watched.key.isValid()) {
                    WatchKey key = watch.folder.register(
                            running,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
                    watched = new Watched(key, watched == null ? ConcurrentHashMap.newKeySet() : watched.watches);
                    BY_FOLDER.put(watch.folder, watched);
                }
                watched.watches.add(watch);
                return true;
            } catch (IOException | UnsupportedOperationException noneToBeHad) {
                closeIfUnused();
                return false;
            }
        }

        static synchronized void remove(FolderWatch watch) {
            Watched watched = BY_FOLDER.get(watch.folder);
            if (watched != null && watched.watches.remove(watch) && watched.watches.isEmpty()) {
                watched.key.cancel();
                BY_FOLDER.remove(watch.folder);
                closeIfUnused();
            }
        }

        private static void closeIfUnused() {
            WatchService running = service;
            if (running != null && BY_FOLDER.isEmpty()) {
                service = null;
                try {
                    running.close();
                } catch (IOException nothingIsLost) {
                    // its descriptor is closed all the same
                }
            }
        }

        private static void handOn(WatchService events) {
            try {
                for (;;) {
                    WatchKey key = events.take();
                    key.pollEvents();
                    key.reset();
                    Set<FolderWatch> watches = watches((Path) key.watchable());
                    for (FolderWatch watch : watches) {
                        watch.changed();
                    }
                }
            } catch (InterruptedException | ClosedWatchServiceException over) {
                // the last watch has been closed
            }
        }

        private static synchronized Set<FolderWatch> watches(Path folder) {
            Watched watched = BY_FOLDER.get(folder);
            return watched == null ? Set.of() : watched.watches;
        }
    }
}
