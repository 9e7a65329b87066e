// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.address.Address;
import dev.sluice.cli.address.Opened;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ends of a copy, open. */
record Ends(Opened source, List<Opened> destinations) {
    private static final Comparator<Address> COMMANDS_LAST = Comparator.comparing(Address::opensLast);

    /**
     * Opens all. The source comes first, so that bad input creates and truncates nothing; but commands are started when
     * all else is open.
     *
     * @param limit how long each may take to be connected, or null for ever
     * @throws java.net.SocketTimeoutException if one takes longer
     * @throws IOException if one cannot be opened; then none is, and nothing is left behind
     */
    static Ends open(Address from, List<Address> to, @Nullable Duration limit) throws IOException {
        @Nullable Opened source = null;
        Map<Address, Opened> opened = new IdentityHashMap<>();
        try {
            source = from.opensLast() ? null : from.source(limit);
            for (Address address : to.stream().sorted(COMMANDS_LAST).toList()) {
                opened.put(address, address.destination(source, limit));
            }
            List<Opened> destinations =
                    to.stream().map(opened::get).map(Objects::requireNonNull).toList();
            return new Ends(source == null ? from.source(limit) : source, destinations);
        } catch (Throwable failure) {
            opened.values().forEach(end -> abandon(end, failure));
            abandon(source, failure);
            throw failure;
        }
    }

    /** The only one, where there is one. */
    Opened destination() {
        return destinations.getFirst();
    }

    /** Takes back what opening them has made, for a copy that moved nothing. */
    void undo(Throwable reason) {
        destinations.forEach(end -> undo(end, reason));
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
