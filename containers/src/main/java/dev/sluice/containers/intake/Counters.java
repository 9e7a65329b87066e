// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.intake;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What has come from containers, and what became of it. Any number of intakes may share one. All are counts since it
 * was made, for any thread.
 */
public final class Counters {
    private final @Nullable Counters total;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder lines = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder droppedBytes = new LongAdder();
    private final LongAdder droppedEntries = new LongAdder();
    private final LongAdder brokenStreams = new LongAdder();

    /** Makes counters that begin at 0. */
    public Counters() {
        this(null);
    }

    /**
     * Makes counters that begin at 0, whose counts are added elsewhere too.
     *
     * @param total where; null for nowhere
     */
    public Counters(@Nullable Counters total) {
        this.total = total;
    }

    /** {@return the bytes that were taken from the sources} Docker's frames count as they are in the FIFO. */
    public long bytes() {
        return bytes.sum();
    }

    /** {@return the lines, and pieces of lines, that were taken} Of raw logs none are counted. */
    public long lines() {
        return lines.sum();
    }

    /** {@return how many times a log was written to} So {@link #lines} by this is how many came together. */
    public long batches() {
        return batches.sum();
    }

    /** {@return the bytes that were taken and not kept: the disk was full, say, or the stream could not be decoded} */
    public long droppedBytes() {
        return droppedBytes.sum();
    }

    /** {@return the lines and pieces among {@link #droppedBytes}, where it is known how many there were} */
    public long droppedEntries() {
        return droppedEntries.sum();
    }

    /** {@return how many streams could not be decoded any more} */
    public long brokenStreams() {
        return brokenStreams.sum();
    }

    void taken(long takenLines, long takenBytes) {
        lines.add(takenLines);
        bytes.add(takenBytes);
        batches.increment();
        if (total != null) {
            total.taken(takenLines, takenBytes);
        }
    }

    void dropped(long entries, long lostBytes) {
        droppedEntries.add(entries);
        droppedBytes.add(lostBytes);
        if (total != null) {
            total.dropped(entries, lostBytes);
        }
    }

    void broken() {
        brokenStreams.increment();
        if (total != null) {
            total.broken();
        }
    }
}
