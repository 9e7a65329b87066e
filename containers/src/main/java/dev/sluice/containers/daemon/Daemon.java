// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.Inherited;
import dev.sluice.Listener;
import dev.sluice.MessageSocket;
import dev.sluice.containers.log.Closing;
import dev.sluice.containers.log.LogFolder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One process that serves all containers of a host.
 *
 * <pre>{@code
 * Daemon daemon = new Daemon(settings);
 * daemon.serve("docker", () -> Listener.open(address), new PluginServer(daemon.containers()));
 * daemon.run(() -> say("ready")); // until the thread is interrupted, or another process has taken over
 * }</pre>
 */
public final class Daemon {
    /** What is in the pipes when the end comes is logged, if that takes no longer. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private static final Duration PREDECESSOR_ENDS = Duration.ofSeconds(30);
    private static final Duration LOCK_AGAIN = Duration.ofMillis(100);
    private static final String CONTROL = "control";
    private static final Logger LOG = System.getLogger(Daemon.class.getName());

    private final DaemonSettings settings;
    private final ServiceManager manager;
    private final Containers containers;
    private final Map<String, Served> services = new LinkedHashMap<>();
    /** Held by who hands over or ends, so that the other does not. */
    private final ReentrantLock succession = new ReentrantLock();

    private final CountDownLatch handedOver = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private @Nullable ControlServer control;
    private volatile @Nullable FolderLock lock;
    private volatile boolean takenOver;

    /** Opens the socket that a service listens at, where no other process has passed one on. */
    @FunctionalInterface
    public interface Opening {
        /**
         * Opens it.
         *
         * @return the listener, which belongs to the daemon
         * @throws IOException if it cannot be opened
         */
        Listener open() throws IOException;
    }

    /** How a daemon's run has ended. */
    public enum End {
        /** The thread was interrupted. */
        STOPPED,
        /** Another process serves now. */
        HANDED_OVER
    }

    private record Served(Opening opening, Service service) {}

    /**
     * Makes the log folder if it is missing; opens nothing yet.
     *
     * @param settings how it is to run
     * @throws IOException if the folder cannot be made, or is none that can be trusted
     */
    public Daemon(DaemonSettings settings) throws IOException {
        this(settings, Logs::new);
    }

    Daemon(DaemonSettings settings, Function<LogFolder, Logging> logging) throws IOException {
        this.settings = settings;
        this.manager = ServiceManager.of(settings.environment());
        LogFolder folder = LogFolder.open(settings.folder());
        this.containers = new Containers(folder, logging.apply(folder), manager);
    }

    /** {@return who is live} Nobody is before {@link #run}. */
    public Containers containers() {
        return containers;
    }

    /** {@return whether it has taken over from another process} */
    public boolean hasTakenOver() {
        return takenOver;
    }

    /**
     * Adds a service. To be called before {@link #run}.
     *
     * @param name what its socket is called where it is passed on, by another process or by the service manager
     *     (FileDescriptorName=)
     * @param opening opens the socket where none is passed on
     * @param service what is served there
     * @throws IllegalArgumentException if there is one of that name
     */
    public void serve(String name, Opening opening, Service service) {
        if (name.equals(CONTROL) || services.putIfAbsent(name, new Served(opening, service)) != null) {
            throw new IllegalArgumentException("there is a service " + name + " already");
        }
    }

    /**
     * Takes over from another process, if that is asked for and there is one; else takes up again what a process that
     * died has left. Then serves, until the thread is interrupted or another process has taken over. In the end what
     * waits in the pipes is logged, for 2 s at most; the containers stay live in the eyes of the next process.
     *
     * @param ready runs once, when all is served
     * @return how it ended; the thread is not interrupted any more
     * @throws IOException if a socket cannot be opened, another daemon uses the log folder, or the other process does
     *     not hand over: it goes on then
     */
    public End run(Runnable ready) throws IOException {
        try (TakeOver from = settings.takeOver() ? TakeOver.begin(settings.control()) : null) {
            Map<String, Descriptor> stored = new HashMap<>();
            Map<String, Descriptor> inherited = inherited(stored);
            if (from != null) { // which has the same and more
                Closing.all(inherited.values());
                Closing.all(stored.values());
            }
            Sockets sockets = new Sockets(from == null ? inherited : from.listeners());
            End end = End.STOPPED;
            try {
                start(from, sockets, stored);
                ready.run();
                end = awaitEnd();
            } finally {
                succession.lock(); // a successor that has begun gets its chance
                end = handedOver.getCount() == 0 ? End.HANDED_OVER : end;
                stop(sockets, end);
            }
            return end;
        }
    }

    private Map<String, Descriptor> inherited(Map<String, Descriptor> stored) throws IOException {
        Map<String, Descriptor> sockets = new HashMap<>();
        for (Inherited each : Inherited.take()) {
            boolean isSocket = each.name().equals(CONTROL) || services.containsKey(each.name());
            @Nullable Descriptor another = (isSocket ? sockets : stored).putIfAbsent(each.name(), each.descriptor());
            if (another != null) {
                each.descriptor().close();
            }
        }
        return sockets;
    }

    private void start(@Nullable TakeOver from, Sockets sockets, Map<String, Descriptor> stored) throws IOException {
        if (from == null) {
            lock = FolderLock.take(containers.folder().path());
        }
        for (Map.Entry<String, Served> each : services.entrySet()) {
            sockets.open(each.getKey(), each.getValue().opening());
        }
        control = new ControlServer(sockets.control(CONTROL, settings.control()), requests(sockets));
        if (from == null) {
            Recovery.run(containers, stored, manager);
        } else {
            from.commit();
            takenOver = true;
            Thread.ofVirtual().name("sluice-lock").start(() -> lockAfter(from));
            containers.readOn(from.containers(), from.attached());
        }
        accept(sockets);
        manager.ready();
    }

    private void lockAfter(TakeOver from) {
        try {
            from.awaitEnd(PREDECESSOR_ENDS);
        } catch (IOException slow) {
            LOG.log(Level.DEBUG, "the other process has not ended yet", slow);
        }
        try {
            while (lock == null && !letGo.await(LOCK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                lock = FolderLock.tryTake(containers.folder().path());
            }
        } catch (IOException | InterruptedException failure) {
            LOG.log(Level.WARNING, "the log folder is not locked", failure);
        }
    }

    private void accept(Sockets sockets) throws IOException {
        for (Map.Entry<String, Served> each : services.entrySet()) {
            each.getValue().service().start(sockets.listener(each.getKey()));
        }
        if (control != null) {
            control.start();
        }
    }

    private End awaitEnd() {
        try {
            handedOver.await();
            return End.HANDED_OVER;
        } catch (InterruptedException stopped) {
            return End.STOPPED;
        }
    }

    /** Accepts nobody any more. All services are asked, also where the thread is interrupted meanwhile. */
    private void pause() throws InterruptedException {
        @Nullable InterruptedException interrupted = null;
        for (Served served : services.values()) {
            try {
                served.service().pause();
            } catch (InterruptedException again) {
                interrupted = again;
            }
        }
        if (control != null) {
            control.pause();
        }
        if (interrupted != null) {
            throw interrupted;
        }
    }

    private void stop(Sockets sockets, End end) throws IOException {
        try {
            if (end == End.STOPPED) {
                manager.stopping();
                pause();
                containers.drain(DRAIN);
            }
        } catch (InterruptedException impatient) {
            LOG.log(Level.DEBUG, "stopped at once", impatient);
        }
        containers.close();
        for (Served served : services.values()) {
            served.service().close();
        }
        sockets.close(end == End.HANDED_OVER);
        FolderLock held = lock;
        if (held != null) {
            held.close();
        }
        letGo.countDown();
        if (control != null) {
            control.close();
        }
    }

    // ---- the control socket

    private Map<String, ControlServer.Handler> requests(Sockets sockets) {
        return Map.of(
                "log", new LogRequest(containers),
                "list", new ListRequest(containers),
                "attach", new AttachRequest(containers),
                "take-over", (request, none, successor) -> handOver(sockets, successor));
    }

    private boolean handOver(Sockets sockets, MessageSocket successor) throws IOException {
        if (!succession.tryLock()) {
            throw new IOException("this process is about to end");
        }
        try {
            pause();
            containers.pause();
            successor.send(ControlSocket.text(ControlSocket.OK));
            long process = successor.peerCredentials().process(); // nothing may fail once all is another's
            new HandingOver(successor).run(sockets.all(), containers);
            manager.mainProcess(process);
            handedOver.countDown();
        } catch (IOException | RuntimeException | InterruptedException failure) {
            LOG.log(Level.WARNING, "nobody has taken over: this process goes on", failure);
            containers.resume();
            accept(sockets);
            throw failure instanceof IOException io ? io : new IOException("not handed over", failure);
        } finally {
            succession.unlock();
        }
        awaitLetGo();
        return true;
    }

    /** The end of the connection tells the other process that nothing is held here any more. */
    private void awaitLetGo() {
        try {
            letGo.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
