// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** See {@link CopyRecorder}. */
@Name("dev.sluice.Fallback")
@Label("Fallback")
@Category("Sluice")
@Description("The kernel refused a way to move bytes, and another was taken")
@StackTrace(false)
final class FallbackEvent extends Event {
    @Label("Source")
    @Nullable String source;

    @Label("Destination")
    @Nullable String destination;

    @Label("Call")
    @Description("The system call that was refused; pipe2 where no pipe was to be had to go by")
    String call = "";

    @Label("Reason")
    @Description("What it answered: the errno")
    String reason = "";

    static void commit(@Nullable String from, @Nullable String to, String call, String reason) {
        FallbackEvent event = new FallbackEvent();
        if (event.shouldCommit()) {
            event.source = from;
            event.destination = to;
            event.call = call;
            event.reason = reason;
            event.commit();
        }
    }
}
