// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import java.util.HashSet;
import java.util.Set;

/** The logs that are being sent, so that they can be ended: those who follow one might go on for years. */
final class LogStreams {
    private final Set<LogStream> all = new HashSet<>();
    private boolean ended;

    /** From now on there may be some. */
    synchronized void open() {
        ended = false;
    }

    /** Ends all, and those that begin, until the next {@link #open}. */
    synchronized void end() {
        ended = true;
        all.forEach(LogStream::end);
    }

    synchronized void add(LogStream stream) {
        all.add(stream);
        if (ended) {
            stream.end();
        }
    }

    synchronized void remove(LogStream stream) {
        all.remove(stream);
    }
}
