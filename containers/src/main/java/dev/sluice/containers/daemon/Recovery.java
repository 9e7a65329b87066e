// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.Fifo;
import dev.sluice.containers.log.Boot;
import dev.sluice.containers.log.Closing;
import dev.sluice.containers.log.ContainerState;
import dev.sluice.containers.log.Inodes;
import dev.sluice.containers.log.SavedSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes up again what a process that has died was reading: every container whose container.json says that it is live.
 *
 * <p>A source is looked for where it is surest to be whole: in the service manager's store; at its path, if that FIFO
 * is still the same one; among the descriptors of whoever writes into it. A container none of whose sources is left has
 * ended. What cannot be taken up is logged, and no obstacle to the others.
 */
final class Recovery {
    private static final Logger LOG = System.getLogger(Recovery.class.getName());

    private final Containers containers;
    private final Map<String, Descriptor> stored;
    private final String boot = Boot.id();

    private Recovery(Containers containers, Map<String, Descriptor> stored) {
        this.containers = containers;
        this.stored = new HashMap<>(stored);
    }

    /**
     * Takes up all.
     *
     * @param stored what the service manager kept, by the names of {@link Container#storeName}; all of it is read by
     *     the registry afterwards, or closed
     * @throws IOException if the log folder or /proc cannot be read
     */
    static void run(Containers containers, Map<String, Descriptor> stored, ServiceManager manager) throws IOException {
        Recovery recovery = new Recovery(containers, stored);
        try {
            recovery.takeUp();
        } finally {
            for (Map.Entry<String, Descriptor> left : recovery.stored.entrySet()) {
                left.getValue().close();
                manager.forget(left.getKey());
            }
        }
    }

    private void takeUp() throws IOException {
        List<ContainerState> live = live();
        Map<Long, Descriptor> pipes = PipeSearch.find(lostPipes(live));
        try {
            for (ContainerState state : live) {
                takeUp(state, pipes);
            }
        } finally {
            Closing.all(pipes.values());
        }
    }

    private List<ContainerState> live() throws IOException {
        List<ContainerState> live = new ArrayList<>();
        for (String id : containers.files().ids()) {
            try {
                @Nullable ContainerState state = containers.files().read(id);
                if (state != null && state.isLive() && !isLone(id)) {
                    live.add(state);
                }
            } catch (IOException unreadable) {
                LOG.log(Level.ERROR, "whether " + id + " is live cannot be read: " + unreadable.getMessage());
            }
        }
        return live;
    }

    /** See {@link LoneContainer}: a process that is alive reads it. */
    private boolean isLone(String id) throws IOException {
        return FolderLock.isTaken(containers.folder().path().resolve(id));
    }

    private Set<Long> lostPipes(List<ContainerState> live) {
        Set<Long> inodes = new HashSet<>();
        for (ContainerState state : live) {
            for (SavedSource source : state.sources()) {
                if (source.path().isEmpty() && state.boot().equals(boot) && !stored.containsKey(name(state, source))) {
                    inodes.add(source.inode());
                }
            }
        }
        return inodes;
    }

    private static String name(ContainerState state, SavedSource source) {
        return Container.storeName(state.description().id(), source.name());
    }

    private void takeUp(ContainerState state, Map<Long, Descriptor> pipes) {
        List<Opened> found = new ArrayList<>();
        for (SavedSource source : state.sources()) {
            @Nullable Opened opened = find(state, source, pipes);
            if (opened != null) {
                found.add(opened);
            }
        }
        try {
            if (found.isEmpty()) {
                containers.files().write(ended(state));
            } else {
                containers.open(state.description(), found);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, state.description().id() + " cannot be taken up again", failure);
        }
    }

    private static ContainerState ended(ContainerState state) {
        return new ContainerState(
                state.description(),
                state.started(),
                Instant.now(),
                state.boot(),
                List.of(),
                state.droppedEntries(),
                state.droppedBytes());
    }

    private @Nullable Opened find(ContainerState state, SavedSource source, Map<Long, Descriptor> pipes) {
        @Nullable Descriptor kept = stored.remove(name(state, source));
        if (kept != null) {
            return new Opened(Held.source(source, kept), Opened.Origin.KEPT);
        }
        @Nullable Descriptor found = null;
        if (!source.path().isEmpty()) {
            found = openFifo(Path.of(source.path()), source.inode());
        } else if (state.boot().equals(boot)) {
            found = pipes.remove(source.inode());
        }
        return found == null ? null : new Opened(Held.source(source, found), Opened.Origin.FOUND_AGAIN);
    }

    private static @Nullable Descriptor openFifo(Path path, long inode) {
        try {
            Fifo fifo = Fifo.open(path);
            if (Inodes.of(fifo) == inode) {
                return fifo;
            }
            fifo.close();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, path + " is no more", gone);
        }
        return null;
    }
}
