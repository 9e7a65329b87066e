// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Fifo;
import dev.sluice.containers.intake.Discard;
import dev.sluice.containers.log.Carries;
import dev.sluice.containers.log.Inodes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A source that is read by a thread of its own, until its end or until that is to stop. */
final class Reading {
    /** One who writes has opened the FIFO long before, or is about to; else it has gone with all that it wrote. */
    private static final Duration WRITER_COMES = Duration.ofSeconds(2);

    /** How often something may wait that is not read: half a frame, whose other half does not come, in the end. */
    private static final int CHANCES = 6;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration DROPPED_FOR = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(Reading.class.getName());

    private final Source source;
    private final long inode;
    private final Opened.Origin origin;
    private final Thread.Builder threads;
    private final Consumer<Reading> atEnd;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean enough;
    private volatile boolean stopping;
    private Logging.@Nullable Run prepared;
    private volatile Logging.Run discard = () -> {};
    private @Nullable Thread thread;

    /**
     * Does nothing yet.
     *
     * @param threads makes the reading thread, and another one each time that it is read on
     * @param atEnd is called by the reading thread when nothing more will come of it
     */
    Reading(Opened opened, Thread.Builder threads, Consumer<Reading> atEnd) throws IOException {
        this.source = opened.source();
        this.origin = opened.origin();
        this.inode = Inodes.of(source.descriptor());
        this.threads = threads;
        this.atEnd = atEnd;
    }

    Source source() {
        return source;
    }

    long inode() {
        return inode;
    }

    Opened.Origin origin() {
        return origin;
    }

    /** To be done for all sources of a log before one is read. */
    synchronized void prepare(Logging.Log log) throws IOException {
        prepared = log.prepare(source);
        discard = () -> new Discard(source.descriptor(), log.counters()).run();
    }

    /** The same, for a source that is read already and must be on: if it cannot be logged, all of it is dropped. */
    synchronized void prepareOrDrop(Logging.Log log) {
        try {
            prepare(log);
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, source.descriptor() + " cannot be logged, and what comes is dropped", failure);
            prepared = () -> new Discard(source.descriptor(), log.counters()).run();
        }
    }

    /** Reads from now on. */
    synchronized void start() {
        Logging.Run run = Objects.requireNonNull(prepared);
        stopping = false;
        thread = threads.name("sluice-read " + source.name()).start(() -> run(run));
    }

    private void run(Logging.Run run) {
        try {
            if (origin != Opened.Origin.FOUND_AGAIN || hasWriter()) {
                readUntilQuiet(run);
            }
        } catch (InterruptedIOException | InterruptedException stopped) {
            if (!enough || stopping) {
                return;
            }
            boolean ignored = Thread.interrupted(); // which would end what is written at the end
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, source.descriptor() + " cannot be read any more", failure);
        }
        try {
            atEnd.accept(this);
        } finally {
            over.countDown();
        }
    }

    /** It was quiet from outside; but a disk that hangs may be why, and then something waits. */
    private void readUntilQuiet(Logging.Run run) throws IOException, InterruptedException {
        for (int chance = 1; ; chance++) {
            try {
                readToEnd(run);
                return;
            } catch (InterruptedIOException | InterruptedException stopped) {
                if (!enough || stopping || chance == CHANCES) {
                    throw stopped;
                }
                boolean ignored = Thread.interrupted();
                if (!isAnythingLeft()) {
                    return;
                }
                enough = false;
                if (stopping) { // and the interrupt that said so may be gone
                    throw stopped;
                }
            }
        }
    }

    /** Not by a peek with a deadline, which on a busy machine has passed before it has looked. */
    @SuppressWarnings("MustBeClosedChecker") // whoever has opened the source closes it
    private boolean isAnythingLeft() throws IOException {
        return source.descriptor().inputStream().available() > 0;
    }

    /**
     * Whatever fails, a container must not be blocked by a source that nobody reads, nor killed by one that is closed.
     * What fails may pass: that no descriptor is left for a moment, say. What does not costs what comes meanwhile.
     */
    private void readToEnd(Logging.Run run) throws IOException, InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
            try {
                run.run();
                return;
            } catch (Throwable failure) {
                if (failure instanceof InterruptedIOException stopped && Thread.currentThread().isInterrupted()) {
                    throw stopped;
                }
                if (!source.descriptor().isOpen()) {
                    throw failure;
                }
                if (pause.compareTo(LONGEST_PAUSE) > 0) {
                    LOG.log(Level.ERROR, source.descriptor() + " cannot be logged: what comes is dropped", failure);
                    if (discard()) {
                        return;
                    }
                    pause = FIRST_PAUSE;
                }
                LOG.log(Level.WARNING, source.descriptor() + " could not be logged, which is tried again", failure);
            }
            Thread.sleep(pause);
        }
    }

    /**
     * Drops what comes: for a while, but of frames all, for nobody knows where one begins then.
     *
     * @return whether the end has come
     */
    private boolean discard() throws IOException {
        if (source.carries() != Carries.DOCKER_FRAMES) {
            source.descriptor().setReadDeadline(DROPPED_FOR);
        }
        try {
            discard.run();
            return true;
        } catch (SocketTimeoutException tryAgain) {
            return false;
        } finally {
            source.descriptor().clearReadDeadline();
        }
    }

    private boolean hasWriter() throws IOException {
        if (!(source.descriptor() instanceof Fifo fifo)) {
            return true;
        }
        fifo.setReadDeadline(WRITER_COMES);
        try {
            fifo.awaitPeer();
            return true;
        } catch (SocketTimeoutException nobody) {
            return false;
        } finally {
            fifo.clearReadDeadline();
        }
    }

    /** Asks it to stop, with nothing lost. */
    void stop() {
        stopping = true;
        interrupt();
    }

    /** Asks it to stop, as at its end, unless something waits there. */
    void stopForGood() {
        enough = true;
        interrupt();
    }

    private synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits until it does not read. */
    void awaitStopped() {
        @Nullable Thread reading;
        synchronized (this) {
            reading = thread;
        }
        boolean interrupted = false;
        while (reading != null && reading.isAlive()) {
            try {
                reading.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return whether its end has come by then} */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return over.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
