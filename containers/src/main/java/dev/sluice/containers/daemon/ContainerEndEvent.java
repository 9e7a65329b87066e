// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerState;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** To be touched while {@link dev.sluice.containers.log.Recorder#isOn} only. */
@Name("dev.sluice.ContainerEnd")
@Label("Container End")
@Category({"Sluice", "Containers"})
@Description("A container's output has come to its end, and is logged")
@StackTrace(false)
final class ContainerEndEvent extends Event {
    @Label("Container")
    String container = "";

    @Label("Name")
    String name = "";

    @Label("Bytes")
    @Description("How many were taken from its sources, by this process")
    @DataAmount
    long bytes;

    @Label("Dropped Entries")
    long droppedEntries;

    @Label("Dropped Bytes")
    @DataAmount
    long droppedBytes;

    static void commit(ContainerState state, long taken) {
        ContainerEndEvent event = new ContainerEndEvent();
        if (event.shouldCommit()) {
            event.container = state.description().id();
            event.name = state.description().name();
            event.bytes = taken;
            event.droppedEntries = state.droppedEntries();
            event.droppedBytes = state.droppedBytes();
            event.commit();
        }
    }
}
