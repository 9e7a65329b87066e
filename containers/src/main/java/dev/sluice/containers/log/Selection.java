// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which entries of a log are wanted.
 *
 * @param tail the last so many lines of those that the rest selects; {@link #ALL} for all. The pieces of a line count
 *     as one. Of a {@link LogFormat#RAW} log, the last so many of each output, since nothing tells their order
 * @param since none that came before, in nanoseconds since 1970 UTC; {@link Long#MIN_VALUE} for no bound
 * @param until none that came after, in nanoseconds since 1970 UTC; {@link Long#MAX_VALUE} for no bound
 * @param follow whether to wait at the end for what is still to come
 * @param outputs of which outputs; at least one
 */
public record Selection(long tail, long since, long until, boolean follow, Set<Output> outputs) {
    /** All lines. */
    public static final long ALL = -1;

    /** Keeps a copy of the set. */
    public Selection {
        if (tail < ALL || outputs.isEmpty()) {
            throw new IllegalArgumentException("tail " + tail + " of " + outputs);
        }
        outputs = Set.copyOf(outputs);
    }

    /** {@return all that is there} */
    public static Selection everything() {
        return new Selection(ALL, Long.MIN_VALUE, Long.MAX_VALUE, false, EnumSet.allOf(Output.class));
    }

    /** {@return the same, of the last so many lines} */
    public Selection withTail(long lines) {
        return new Selection(lines, since, until, follow, outputs);
    }

    /** {@return the same, from then on} */
    public Selection withSince(long nanos) {
        return new Selection(tail, nanos, until, follow, outputs);
    }

    /** {@return the same, until then} */
    public Selection withUntil(long nanos) {
        return new Selection(tail, since, nanos, follow, outputs);
    }

    /** {@return the same, and what is still to come} */
    public Selection following() {
        return new Selection(tail, since, until, true, outputs);
    }

    /** {@return the same, of these outputs} */
    public Selection withOutputs(Set<Output> wanted) {
        return new Selection(tail, since, until, follow, wanted);
    }

    /** {@return whether times matter} */
    boolean isBounded() {
        return since != Long.MIN_VALUE || until != Long.MAX_VALUE;
    }

    boolean contains(Entry entry) {
        return entry.nanos() >= since && entry.nanos() <= until && outputs.contains(entry.output());
    }
}
