// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

/**
 * What a {@link Copy} did.
 *
 * @param bytes how many were delivered: spliced and copied together
 * @param spliced how many of them never passed through user space: by splice(2), sendfile(2) or copy_file_range(2)
 * @param copied how many were read and written
 * @param inTransit how many were taken from the source and could not be delivered: the next {@link Copy#run} delivers
 *     them first
 * @param refusals how often the kernel refused a way, so that another was taken
 * @param end why it ended
 */
public record CopyResult(long bytes, long spliced, long copied, long inTransit, int refusals, End end) {
    /** Why a copy ended. */
    public enum End {
        /** The source has no more, and all of it was delivered. */
        END_OF_SOURCE,
        /** As many bytes as asked for were delivered. */
        LIMIT,
        /** Nobody can read the destination any more. What was not delivered stays in the source. */
        DESTINATION_GONE,
        /** The copy's deadline has passed, or that of one of the ends. */
        DEADLINE,
        /** Nothing moved for as long as the idle timeout. */
        IDLE_TIMEOUT,
        /** The thread was interrupted; it stays interrupted. */
        INTERRUPTED,
        /** One of the ends was closed in this process while the copy ran. */
        CLOSED
    }
}
