// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.address.Opened.Leave;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a copy may still take, counted from when this was made. */
final class TimeLeft {
    private final Settings settings;
    private final long start = System.nanoTime();

    TimeLeft(Settings settings) {
        this.settings = settings;
    }

    /** Whether the deadline has passed. */
    boolean isOver() {
        @Nullable Duration deadline = settings.deadline();
        return deadline != null && System.nanoTime() - start >= deadline.toNanos();
    }

    /** What has ended a wait that was limited. */
    Ending ending() {
        return isOver() ? Ending.DEADLINE : Ending.IDLE_TIMEOUT;
    }

    /** How long to wait for a peer, who moves nothing meanwhile. */
    @Nullable Duration patience() {
        @Nullable Duration remaining = untilDeadline();
        @Nullable Duration idle = settings.idleTimeout();
        return remaining == null || (idle != null && idle.compareTo(remaining) < 0) ? idle : remaining;
    }

    /** How a copy that has ended so leaves its ends: in good order, or soon if it was given up. */
    Leave leave(Ending ending) {
        return new Leave(
                ending.isComplete(),
                ending == Ending.END_OF_SOURCE,
                ending == Ending.FAILED,
                ending.isGivenUp() ? CopyRun.LAST_WORDS : untilDeadline(),
                settings.idleTimeout());
    }

    /** How long until the deadline, at least a moment; null without one. */
    @Nullable Duration untilDeadline() {
        @Nullable Duration deadline = settings.deadline();
        if (deadline == null) {
            return null;
        }
        Duration remaining = deadline.minusNanos(System.nanoTime() - start);
        return remaining.isPositive() ? remaining : Duration.ofNanos(1);
    }
}
