// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

/**
 * How a transfer is to run.
 *
 * @param limit bytes at most
 * @param deadline nanoseconds from its start, or 0 for none
 * @param idle how long nothing may move
 * @param pipeSize bytes for pipes at the ends, or {@link PipeGrowth#AUTOMATIC} or {@link PipeGrowth#KEEP}
 * @param zeroCopy whether a file's own pages may go into a pipe
 * @param spliceOnly whether nothing may be read and written instead
 * @param keepSource whether it goes on with the next writer of a source that is a FIFO
 * @param keepDestination whether it waits for the next reader of a destination that is a FIFO
 */
public record Options(
        long limit,
        long deadline,
        Idle idle,
        int pipeSize,
        boolean zeroCopy,
        boolean spliceOnly,
        boolean keepSource,
        boolean keepDestination) {}
