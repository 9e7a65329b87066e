// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a copy is to run.
 *
 * @param limit bytes at most
 * @param idleTimeout how long it may move nothing, or null for ever
 * @param deadline how long it may take, or null for ever
 * @param pipeSize bytes for the pipes at the ends, {@link #GROW} or {@link #KEEP}
 * @param slow what is done about a destination that is slow
 */
record Settings(long limit, @Nullable Duration idleTimeout, @Nullable Duration deadline, int pipeSize, Slow slow) {
    /** How long there is to wait at the start, while nothing moves; null for ever. */
    @Nullable Duration patience() {
        return isDeadlineFirst() ? deadline : idleTimeout;
    }

    /** Whether the deadline ends a copy that moves nothing from its start. */
    boolean isDeadlineFirst() {
        return deadline != null && (idleTimeout == null || deadline.compareTo(idleTimeout) <= 0);
    }

    /** Pipes grow when it pays. */
    static final int GROW = -1;

    /** Pipes are left as they are. */
    static final int KEEP = 0;
}
