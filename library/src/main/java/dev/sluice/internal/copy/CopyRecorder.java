// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import dev.sluice.internal.linux.Errno;
import dev.sluice.internal.poll.Recorder;
import dev.sluice.internal.poll.Side;
import org.jspecify.annotations.Nullable;

/**
 * The events of copies and fan-outs, for the JDK's Flight Recorder. No class of an event is touched unless it is in
 * use: see {@link Recorder}.
 */
final class CopyRecorder {
    private CopyRecorder() {}

    /** Before a copy: what {@link #copyEnds} is to get. */
    static @Nullable Object copyBegins() {
        return Recorder.isOn() ? CopyEvent.begun() : null;
    }

    /** @param end null if it has failed */
    static void copyEnds(@Nullable Object begun, Side from, Side to, Tally tally, Transfer.@Nullable End end) {
        if (begun != null) {
            ((CopyEvent) begun)
                    .commit(from.owner().name(), to.owner().name(), tally, end == null ? "FAILED" : end.name());
        }
    }

    /**
     * The kernel has refused a way, and another is taken.
     *
     * @param result what the call answered
     */
    static void refused(String call, @Nullable Side from, @Nullable Side to, long result) {
        if (Recorder.isOn()) {
            String reason = result < 0 ? Errno.describe((int) -result) : "nothing was moved";
            FallbackEvent.commit(name(from), name(to), call, reason);
        }
    }

    private static @Nullable String name(@Nullable Side side) {
        return side == null ? null : side.owner().name();
    }

    /** A destination of a fan-out begins to miss something: what {@link #gapEnds} is to get. */
    static @Nullable Object gapBegins() {
        return Recorder.isOn() ? GapEvent.begun() : null;
    }

    static void gapEnds(Object begun, String destination, long bytes) {
        ((GapEvent) begun).commit(destination, bytes);
    }

    /** A destination of a fan-out gets nothing more. */
    static void destinationEnded(String destination, Account account) {
        if (Recorder.isOn()) {
            DestinationEvent.commit(destination, account);
        }
    }
}
