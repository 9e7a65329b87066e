// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.address.Address;
import dev.sluice.cli.address.Opened;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Both ends of a copy, open. */
record Ends(Opened source, Opened destination) {
    /**
     * Opens both. The source comes first, so that bad input creates and truncates nothing; but a command that is copied
     * from is started when all else is open.
     *
     * @param limit how long each may take to be connected, or null for ever
     * @throws java.net.SocketTimeoutException if one takes longer
     * @throws IOException if one cannot be opened; then neither is, and nothing is left behind
     */
    static Ends open(Address from, Address to, @Nullable Duration limit) throws IOException {
        @Nullable Opened source = null;
        @Nullable Opened destination = null;
        try {
            source = from.opensLast() ? null : from.source(limit);
            destination = to.destination(source, limit);
            return new Ends(source == null ? from.source(limit) : source, destination);
        } catch (Throwable failure) {
            abandon(destination, failure);
            abandon(source, failure);
            throw failure;
        }
    }

    /** Takes back what opening them has made, for a copy that moved nothing. */
    void undo(Throwable reason) {
        undo(destination, reason);
        undo(source, reason);
    }

    private static void undo(Opened end, Throwable reason) {
        try {
            end.undo();
        } catch (IOException another) {
            reason.addSuppressed(another);
        }
    }

    private static void abandon(@Nullable Opened end, Throwable reason) {
        if (end != null) {
            undo(end, reason);
            try {
                end.close();
            } catch (IOException another) {
                reason.addSuppressed(another);
            }
        }
    }
}
