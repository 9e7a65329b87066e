// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Descriptor;
import dev.sluice.HangupWatch;
import dev.sluice.MessageSocket;
import dev.sluice.containers.intake.Attachment;
import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.log.Output;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client of the control socket who reads what a container writes: by a pipe for each output, until it reads none of
 * them any more, closes its connection, or the container has ended. Then all that it has here is closed.
 */
final class AttachedReader {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Logger LOG = System.getLogger(AttachedReader.class.getName());

    private final MessageSocket client;
    private final Map<Output, Descriptor> ends;
    private final Gone gone;
    private List<Attachment> attached = List.of();
    private boolean isKept;
    private boolean isClosed;
    private @Nullable HangupWatch watch;

    /** Told when one has gone. */
    @FunctionalInterface
    interface Gone {
        void gone(AttachedReader reader);
    }

    AttachedReader(MessageSocket client, Map<Output, Descriptor> ends, Gone gone) {
        this.client = client;
        this.ends = Map.copyOf(ends);
        this.gone = gone;
    }

    /**
     * Attaches it; also again, after {@link #release}.
     *
     * @throws IOException if one of its pipes cannot be attached: then none is
     */
    synchronized void attach(Attachments to) throws IOException {
        isKept = false;
        List<Attachment> fresh = new ArrayList<>();
        try {
            for (Map.Entry<Output, Descriptor> end : ends.entrySet()) {
                fresh.add(to.attach(end.getKey(), end.getValue()));
            }
        } catch (IOException | RuntimeException failure) {
            fresh.forEach(Attachment::detach);
            throw failure;
        }
        attached = fresh;
    }

    /** All that it has is closed when nobody reads it any more: after {@link #attach}. */
    synchronized void closeAtEnd() {
        if (watch == null) {
            watch = client.onHangup(how -> detach());
        }
        List<Attachment> mine = attached;
        Thread.ofVirtual().name("sluice-attached").start(() -> closeWhenOver(mine));
    }

    private void closeWhenOver(List<Attachment> mine) {
        awaitAll(mine);
        synchronized (this) {
            if (isKept || !attached.equals(mine)) {
                return; // it goes on elsewhere, or does so here by now
            }
        }
        close();
        gone.gone(this);
    }

    private static void awaitAll(List<Attachment> all) {
        try {
            for (Attachment each : all) {
                each.awaitOver();
            }
        } catch (InterruptedException nobodyDoesThat) {
            Thread.currentThread().interrupt();
        }
    }

    private void detach() {
        attached().forEach(Attachment::detach);
    }

    private synchronized List<Attachment> attached() {
        return attached;
    }

    /** To be called before its attachments are ended: another process, or another attachment, is to go on with it. */
    synchronized void keep() {
        isKept = true;
    }

    /**
     * Waits until what its attachments had for it is delivered, so that its pipes are used by nobody. One that does not
     * read misses it.
     */
    void release() {
        Thread waiting = Thread.ofVirtual().start(() -> awaitAll(attached()));
        try {
            if (waiting.join(PATIENCE)) {
                return;
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        detach();
    }

    MessageSocket client() {
        return client;
    }

    Map<Output, Descriptor> ends() {
        return ends;
    }

    /** Closes all that it has here. */
    void close() {
        HangupWatch watching;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            watching = watch;
        }
        if (watching != null) {
            watching.close();
        }
        for (Descriptor end : ends.values()) {
            close(end);
        }
        close(client);
    }

    private static void close(Descriptor descriptor) {
        try {
            descriptor.close();
        } catch (IOException failure) {
            LOG.log(Level.DEBUG, descriptor + " was not closed well", failure);
        }
    }
}
