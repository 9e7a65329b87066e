// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.poll;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody records with the JDK's Flight Recorder, and the events of this layer.
 *
 * <p>Unless somebody does, no class of an event may be touched: the JDK initialises the recorder when it loads the
 * first one, which takes some 200 ms of a start. To ask whether it is initialised is to read a field. It stays so when
 * the recording ends; then each event says by itself that it is off.
 */
public final class Recorder {
    /** A runtime image may lack the module. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Recorder() {}

    public static boolean isOn() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** To be called before a wait: what {@link #waitEnds} is to get. */
    public static @Nullable Object waitBegins() {
        return isOn() ? begun() : null;
    }

    private static Object begun() {
        WaitEvent event = new WaitEvent();
        event.begin();
        return event;
    }

    /** After a wait for one side, however it ended. */
    public static void waitEnds(@Nullable Object begun, Side side) {
        if (begun != null) {
            end(begun, side.verb(), side.owner().name());
        }
    }

    /** After a wait for several, the first of which is given. */
    static void waitEnds(@Nullable Object begun, Side first, int others) {
        if (begun != null) {
            end(begun, "any", first.owner().name() + (others > 0 ? " and " + others + " more" : ""));
        }
    }

    private static void end(Object begun, String operation, String descriptor) {
        WaitEvent event = (WaitEvent) begun;
        event.end();
        if (event.shouldCommit()) {
            event.operation = operation;
            event.descriptor = descriptor;
            event.commit();
        }
    }
}
