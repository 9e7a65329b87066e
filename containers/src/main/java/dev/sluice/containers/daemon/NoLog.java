// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.intake.Discard;

/** Stands for the log of a container that runs already, and whose log cannot be opened any more. */
record NoLog(Counters counters, Attachments attachments) implements Logging.Log {
    /** Counts what is dropped there too. */
    static NoLog of(Counters total) {
        return new NoLog(new Counters(total), new Attachments());
    }

    @Override
    public Logging.Run prepare(Source source) {
        return new Discard(source.descriptor(), counters)::run;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
