// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.Connection;
import dev.sluice.Hangup;
import dev.sluice.HangupWatch;
import dev.sluice.containers.log.Entry;
import dev.sluice.containers.log.LogReader;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A log that is sent to a client as frames. It ends with the log, or at once when the client has gone, however quiet
 * the log is.
 */
final class LogStream implements Closeable {
    private static final int BUFFER = 64 * 1024;

    private final LogReader reader;
    private final Connection client;
    private final LogStreams streams;

    /** The one that sends; null before and after that. Guarded by this, as is what follows. */
    private @Nullable Thread sender;

    private boolean ended;

    /**
     * Sends nothing yet.
     *
     * @param reader is closed in the end
     */
    LogStream(LogReader reader, Connection client, LogStreams streams) {
        this.reader = reader;
        this.client = client;
        this.streams = streams;
    }

    /**
     * Sends all that the reader has.
     *
     * @throws IOException if the log cannot be read, or the client has gone
     */
    void send(OutputStream out) throws IOException {
        streams.add(this);
        // A half-closed connection is a client that has said all and waits for our answer.
        try (reader;
                HangupWatch _ = client.onHangup(how -> {
                    if (how != Hangup.PEER_HALF_CLOSED) {
                        end();
                    }
                })) {
            begin();
            copy(new BufferedOutputStream(out, BUFFER));
        } catch (InterruptedIOException interrupted) {
            if (!isEnded()) {
                throw interrupted;
            }
        } finally {
            streams.remove(this);
            finish();
        }
    }

    /** What is there is sent in large pieces; what comes while we wait, at once. */
    private void copy(OutputStream out) throws IOException {
        FrameEncoder encoder = new FrameEncoder();
        for (;;) {
            Entry entry = reader.poll();
            if (entry == null) {
                out.flush();
                entry = reader.next();
            }
            if (entry == null || isEnded()) {
                out.flush();
                return;
            }
            encoder.write(entry, out);
        }
    }

    /** Closes the reader, also where nothing was ever sent. A second close does nothing. */
    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Ends it soon, from any thread. */
    synchronized void end() {
        ended = true;
        if (sender != null) {
            sender.interrupt();
        }
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private synchronized void begin() {
        sender = Thread.currentThread();
        if (ended) {
            sender.interrupt();
        }
    }

    /** The interrupt was for this stream alone. */
    private synchronized void finish() {
        sender = null;
        if (ended) {
            boolean ignored = Thread.interrupted();
        }
    }
}
