// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.intake.Attachments;
import dev.sluice.containers.intake.Counters;
import dev.sluice.containers.log.ContainerDescription;
import java.io.Closeable;
import java.io.IOException;

/** Opens the logs that {@link Containers} keeps: what the registry asks of the packages below. */
interface Logging {
    /**
     * Opens a container's log, and repairs what a process that was killed has left half done.
     *
     * @param container whose log it is
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if it cannot be opened
     */
    Log open(ContainerDescription container) throws IOException;

    /** {@return what counts all that comes} */
    Counters counters();

    /** An open log. */
    interface Log extends Closeable {
        /**
         * Prepares to read a source, and settles what a process that was killed had in flight: to be called for all
         * sources before the first is read.
         *
         * @throws IOException if the source cannot be read
         */
        Run prepare(Source source) throws IOException;

        /** {@return what has come for this log since it was opened} */
        Counters counters();

        /** {@return who gets what comes besides} */
        Attachments attachments();
    }

    /** Reads a source into a log. */
    interface Run {
        /**
         * Reads until the end, and leaves the source open.
         *
         * @throws java.io.InterruptedIOException if the thread is interrupted; nothing is lost then: what is not in the
         *     log is in the source
         * @throws IOException if the source cannot be read
         */
        void run() throws IOException;
    }
}
