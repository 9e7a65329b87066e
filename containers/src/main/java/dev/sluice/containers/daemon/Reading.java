// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Fifo;
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

/** A source that is read by a virtual thread, until its end or until that is to stop. */
final class Reading {
    /** One who writes has opened the FIFO long before, or is about to; else it has gone with all that it wrote. */
    private static final Duration WRITER_COMES = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(Reading.class.getName());

    private final Source source;
    private final long inode;
    private final Opened.Origin origin;
    private final Consumer<Reading> atEnd;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean enough;
    private Logging.@Nullable Run prepared;
    private @Nullable Thread thread;

    /**
     * Does nothing yet.
     *
     * @param atEnd is called by the reading thread when nothing more will come of it
     */
    Reading(Opened opened, Consumer<Reading> atEnd) throws IOException {
        this.source = opened.source();
        this.origin = opened.origin();
        this.inode = Inodes.of(source.descriptor());
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
    }

    /** Reads from now on. */
    synchronized void start() {
        Logging.Run run = Objects.requireNonNull(prepared);
        thread = Thread.ofVirtual().name("sluice-read " + source.name()).start(() -> run(run));
    }

    private void run(Logging.Run run) {
        try {
            if (origin != Opened.Origin.FOUND_AGAIN || hasWriter()) {
                run.run();
            }
        } catch (InterruptedIOException stopped) {
            if (!enough) {
                return;
            }
            boolean ignored = Thread.interrupted(); // which would end what is written at the end
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, source.descriptor() + " cannot be read any more", failure);
        }
        atEnd.accept(this);
        over.countDown();
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
    synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Asks it to stop, as at its end. */
    void stopForGood() {
        enough = true;
        stop();
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
