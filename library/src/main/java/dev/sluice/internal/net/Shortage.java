// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;

/**
 * Says that there is no descriptor left, at a time when no file can be opened: neither the one that configures the log,
 * nor that of the time zones, without which the JDK's log says nothing at all. So both are read before, when there is
 * nothing else to do.
 */
final class Shortage {
    private static volatile boolean prepared;

    private Shortage() {}

    /** To be called at a quiet moment; does its work once. */
    static void prepare() {
        if (!prepared) {
            prepared = true;
            try {
                boolean ignored = logger().isLoggable(Level.WARNING)
                        && ZoneId.systemDefault().getRules().isFixedOffset();
            } catch (ZoneRulesException unknown) {
                // the log has to do without
            }
        }
    }

    static void warn(IOException failure) {
        try {
            logger().log(Level.WARNING, failure.getMessage());
        } catch (RuntimeException | LinkageError unsaid) {
            // a log that needs a descriptor: what it was to say matters less than to go on
        }
    }

    private static System.Logger logger() {
        return System.getLogger(Accepting.class.getName());
    }
}
