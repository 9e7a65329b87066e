// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.logs;

import dev.sluice.Descriptor;
import dev.sluice.Hangup;
import dev.sluice.HangupWatch;
import dev.sluice.containers.log.LogReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Ends the wait for more of a log when nobody is left to read it. */
final class Gone implements AutoCloseable {
    private final Descriptor out;
    private @Nullable HangupWatch watch;
    private volatile boolean told;

    Gone(Descriptor out) {
        this.out = out;
    }

    /** Closes the reader as soon as the other end of the output has gone. */
    void closing(LogReader reader) {
        try {
            watch = out.onHangup(how -> {
                if (how != Hangup.PEER_RETURNED && how != Hangup.PEER_HALF_CLOSED) {
                    told = true;
                    close(reader);
                }
            });
        } catch (UnsupportedOperationException aFile) {
            // which never goes
        }
    }

    private static void close(LogReader reader) {
        try {
            reader.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    boolean isTold() {
        return told;
    }

    @Override
    public void close() {
        HangupWatch open = watch;
        if (open != null) {
            open.close();
        }
    }
}
