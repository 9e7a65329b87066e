// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.copy;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** See {@link CopyRecorder}. */
@Name("dev.sluice.Copy")
@Label("Copy")
@Category("Sluice")
@Description("Bytes were moved from one descriptor to another until something ended that")
@StackTrace(false)
final class CopyEvent extends Event {
    @Label("Source")
    String source = "";

    @Label("Destination")
    String destination = "";

    @Label("Bytes")
    @Description("How many were delivered")
    @DataAmount
    long bytes;

    @Label("Spliced")
    @Description("How many of them never passed through user space")
    @DataAmount
    long spliced;

    @Label("Refusals")
    @Description("How often the kernel refused a way, so that another was taken")
    int refusals;

    @Label("End")
    @Description("Why it ended, as dev.sluice.CopyResult.End has it; or FAILED")
    String end = "";

    static CopyEvent begun() {
        CopyEvent event = new CopyEvent();
        event.begin();
        return event;
    }

    void commit(String from, String to, Tally tally, String reason) {
        end();
        if (shouldCommit()) {
            source = from;
            destination = to;
            bytes = tally.bytes();
            spliced = tally.spliced();
            refusals = tally.refusals();
            end = reason;
            commit();
        }
    }
}
