// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

/** A moment on the clock of {@link System#nanoTime}, as a long; 0 is none. */
public final class Deadline {
    public static final long NONE = 0;

    private Deadline() {}

    /** The moment so many nanoseconds from now; one that has passed if they are not positive. */
    public static long after(long nanos) {
        long now = System.nanoTime();
        long bounded = Math.min(nanos, Long.MAX_VALUE / 2);
        long moment = now + Math.max(bounded, Long.MIN_VALUE / 2);
        return moment == NONE ? 1 : moment;
    }

    public static boolean passed(long deadline) {
        return deadline != NONE && System.nanoTime() - deadline >= 0;
    }

    /** The earlier of two, either of which may be none. */
    public static long earlier(long one, long other) {
        if (one == NONE) {
            return other;
        }
        return other == NONE || one - other <= 0 ? one : other;
    }

    /** Nanoseconds until then: negative if there is none, 0 if it has passed. */
    public static long remaining(long deadline) {
        return deadline == NONE ? -1 : Math.max(0, deadline - System.nanoTime());
    }
}
