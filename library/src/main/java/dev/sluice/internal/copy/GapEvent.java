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
@Name("dev.sluice.Gap")
@Label("Gap")
@Category("Sluice")
@Description("A destination of a fan-out did not keep up, and bytes were left out for it")
@StackTrace(false)
final class GapEvent extends Event {
    @Label("Destination")
    String destination = "";

    @Label("Bytes")
    @Description("How many were left out, from the first one to the end of the gap or of the destination")
    @DataAmount
    long bytes;

    static GapEvent begun() {
        GapEvent event = new GapEvent();
        event.begin();
        return event;
    }

    void commit(String name, long skipped) {
        end();
        if (shouldCommit()) {
            destination = name;
            bytes = skipped;
            commit();
        }
    }
}
