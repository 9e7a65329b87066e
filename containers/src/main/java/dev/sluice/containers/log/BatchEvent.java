// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** See {@link Recorder}. */
@Name("dev.sluice.LogBatch")
@Label("Log Batch")
@Category({"Sluice", "Containers"})
@Description("Lines that came together were written to a container's log; while that lasts, its stream waits")
@Threshold("20 ms")
@StackTrace(false)
final class BatchEvent extends Event {
    @Label("Container")
    String container = "";

    @Label("Entries")
    int entries;

    @Label("Bytes")
    @Description("How many were taken from the source")
    @DataAmount
    long bytes;

    static BatchEvent begun() {
        BatchEvent event = new BatchEvent();
        event.begin();
        return event;
    }

    void commit(String id, int count, long taken) {
        end();
        if (shouldCommit()) {
            container = id;
            entries = count;
            bytes = taken;
            commit();
        }
    }
}
