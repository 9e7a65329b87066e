// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

/**
 * What a run of a {@link FanOut} did. Each {@link FanOut.Destination} tells of itself.
 *
 * @param bytes how many were taken from the source: spliced and copied together
 * @param spliced how many of them did not pass through user space, for destinations that take them so
 * @param copied how many were read
 * @param refusals how often the kernel refused a way, so that another was taken
 * @param end why it ended
 */
public record FanOutResult(long bytes, long spliced, long copied, int refusals, End end) {
    /** Why it ended. */
    public enum End {
        /** The source has no more, and each destination got what it was to get. */
        END_OF_SOURCE,
        /** As many bytes as asked for were taken, and delivered. */
        LIMIT,
        /** There is no destination left. What was not taken stays in the source. */
        DESTINATIONS_GONE,
        /** The deadline has passed, or that of the source. */
        DEADLINE,
        /** Nothing came for as long as the idle timeout. */
        IDLE_TIMEOUT,
        /** The thread was interrupted; it stays interrupted. */
        INTERRUPTED,
        /** The source was closed in this process. */
        CLOSED
    }
}
