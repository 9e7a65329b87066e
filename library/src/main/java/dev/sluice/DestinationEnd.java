// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.copy.Outlet;

/** Why a {@link FanOut.Destination} gets nothing more. */
public enum DestinationEnd {
    /** It got all there was, but for what its policy left out. */
    END_OF_SOURCE,
    /** Nobody can read it any more. */
    GONE,
    /** More waited for it than {@link SlowPolicy#drop} allows. */
    DROPPED,
    /** {@link FanOut.Destination#remove}. */
    REMOVED,
    /** It was closed in this process. */
    CLOSED,
    /** Its own write deadline has passed. */
    DEADLINE,
    /** A write failed: see {@link FanOut.Destination#failure}. */
    FAILED;

    static DestinationEnd of(Outlet.End end) {
        return switch (end) {
            case END_OF_SOURCE -> END_OF_SOURCE;
            case GONE -> GONE;
            case DROPPED -> DROPPED;
            case REMOVED -> REMOVED;
            case CLOSED -> CLOSED;
            case DEADLINE -> DEADLINE;
            case FAILED -> FAILED;
        };
    }
}
