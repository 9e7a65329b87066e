// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** See {@link Recorder}. */
@Name("dev.sluice.Wait")
@Label("Wait")
@Category("Sluice")
@Description("A thread waited for a descriptor: to be readable or writable, for its peer, or for a hang-up")
@Threshold("20 ms")
final class WaitEvent extends Event {
    @Label("Descriptor")
    String descriptor = "";

    @Label("Operation")
    @Description("What waits: read (which accepts too), write, a wait for a hang-up; any, for several descriptors")
    String operation = "";
}
