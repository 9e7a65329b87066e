// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerState;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** To be touched while {@link dev.sluice.containers.log.Recorder#isOn} only. */
@Name("dev.sluice.ContainerStart")
@Label("Container Start")
@Category({"Sluice", "Containers"})
@Description("A container's output is read from now on")
@StackTrace(false)
final class ContainerStartEvent extends Event {
    @Label("Container")
    String container = "";

    @Label("Name")
    String name = "";

    @Label("Driver")
    String driver = "";

    @Label("Sources")
    @Description("How many FIFOs and pipes are read")
    int sources;

    static void commit(ContainerState state) {
        ContainerStartEvent event = new ContainerStartEvent();
        if (event.shouldCommit()) {
            event.container = state.description().id();
            event.name = state.description().name();
            event.driver = state.description().driver().label();
            event.sources = state.sources().size();
            event.commit();
        }
    }
}
