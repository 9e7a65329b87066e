// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.copy;

import dev.sluice.cli.Report;
import dev.sluice.cli.address.Opened.Leave;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** What the destinations of one copy have to say to the user, and what they ask of the copy. */
final class Teller {
    private final PrintStream err;
    private final boolean verbose;
    private final Settings settings;
    private final TimeLeft time;
    private BooleanSupplier anyLive = () -> true;

    Teller(PrintStream err, boolean verbose, Settings settings, TimeLeft time) {
        this.err = err;
        this.verbose = verbose;
        this.settings = settings;
        this.time = time;
    }

    /** Has it know whether there is still a destination. */
    void watch(BooleanSupplier live) {
        anyLive = live;
    }

    static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }

    void line(String text) {
        Report.line(err, text);
    }

    /** Says that one has gone, unless it was the last one: that ends the copy, as silently as it does any other. */
    void gone(String text) {
        if (anyLive.getAsBoolean()) {
            line(text);
        }
    }

    void failure(Exception failure) {
        Report.failure(err, failure, verbose);
    }

    /** How to leave a destination while others go on. */
    Leave leaveEarly(boolean cutShort) {
        return new Leave(false, false, cutShort, time.untilDeadline(), settings.idleTimeout());
    }

    /** How a wait ended that was limited. */
    Ending late() {
        return time.ending();
    }
}
