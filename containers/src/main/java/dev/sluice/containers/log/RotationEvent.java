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
@Name("dev.sluice.LogRotation")
@Label("Log Rotation")
@Category({"Sluice", "Containers"})
@Description("A log file was full, and the next one was begun")
@StackTrace(false)
final class RotationEvent extends Event {
    @Label("Container")
    String container = "";

    @Label("File")
    @Description("The name of the file that is written")
    String file = "";

    @Label("Bytes")
    @Description("How many are in the file that was full")
    @DataAmount
    long bytes;

    static void commit(String id, String name, long size) {
        RotationEvent event = new RotationEvent();
        if (event.shouldCommit()) {
            event.container = id;
            event.file = name;
            event.bytes = size;
            event.commit();
        }
    }
}
