// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody records with the JDK's Flight Recorder, and the events of logs.
 *
 * <p>Unless somebody does, no class of an event may be touched: the JDK initialises the recorder when it loads the
 * first one, which takes some 200 ms. To ask whether it is initialised is to read a field. It stays so when the
 * recording ends; then each event says by itself that it is off.
 */
public final class Recorder {
    /** A runtime image may lack the module. */
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Recorder() {}

    /** {@return whether events may be of interest to somebody} */
    public static boolean isOn() {
        return PRESENT && FlightRecorder.isInitialized();
    }

    /** {@return what {@link #batchEnds} is to get} To be called before a batch is written. */
    static @Nullable Object batchBegins() {
        return isOn() ? BatchEvent.begun() : null;
    }

    /**
     * A batch is in the log, or was dropped, and is taken from its source.
     *
     * @param begun what {@link #batchBegins} has returned
     * @param container its id
     * @param entries how many
     * @param bytes how many were taken from the source
     */
    static void batchEnds(@Nullable Object begun, String container, int entries, long bytes) {
        if (begun != null) {
            ((BatchEvent) begun).commit(container, entries, bytes);
        }
    }

    /**
     * Something could not be kept.
     *
     * @param container its id
     * @param entries how many lines and pieces, where that is known
     * @param bytes how many
     * @param reason why
     */
    static void dropped(String container, long entries, long bytes, String reason) {
        if (isOn()) {
            DropEvent.commit(container, entries, bytes, reason);
        }
    }

    /**
     * A file was full, and another one is written from now on.
     *
     * @param container its id
     * @param file the name of the one that is written
     * @param bytes how many are in the one that was full
     */
    static void rotated(String container, String file, long bytes) {
        if (isOn()) {
            RotationEvent.commit(container, file, bytes);
        }
    }
}
