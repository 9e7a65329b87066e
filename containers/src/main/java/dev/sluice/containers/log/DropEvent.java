// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** See {@link Recorder}. */
@Name("dev.sluice.LogDrop")
@Label("Log Drop")
@Category({"Sluice", "Containers"})
@Description("What a container wrote could not be kept: the disk is full, say")
@StackTrace(false)
final class DropEvent extends Event {
    @Label("Container")
    String container = "";

    @Label("Entries")
    @Description("How many lines and pieces of lines, where that is known")
    long entries;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Reason")
    String reason = "";

    static void commit(String id, long count, long lost, String why) {
        DropEvent event = new DropEvent();
        if (event.shouldCommit()) {
            event.container = id;
            event.entries = count;
            event.bytes = lost;
            event.reason = why;
            event.commit();
        }
    }
}
