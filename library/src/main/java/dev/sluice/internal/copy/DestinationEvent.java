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
@Name("dev.sluice.DestinationEnd")
@Label("End of a Destination")
@Category("Sluice")
@Description("A destination of a fan-out gets nothing more")
@StackTrace(false)
final class DestinationEvent extends Event {
    @Label("Destination")
    String destination = "";

    @Label("End")
    @Description("Why, as dev.sluice.DestinationEnd has it: DROPPED if it did not keep up")
    String end = "";

    @Label("Delivered")
    @DataAmount
    long delivered;

    @Label("Skipped")
    @Description("Bytes that it did not get: left out, or still waiting at the end")
    @DataAmount
    long skipped;

    @Label("Gaps")
    @Description("How many times something was left out")
    int gaps;

    static void commit(String destination, Account account) {
        DestinationEvent event = new DestinationEvent();
        if (event.shouldCommit()) {
            event.destination = destination;
            event.end = String.valueOf(account.end());
            event.delivered = account.delivered();
            event.skipped = account.skipped();
            event.gaps = account.gaps();
            event.commit();
        }
    }
}
