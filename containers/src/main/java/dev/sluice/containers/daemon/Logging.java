// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.containers.log.ContainerDescription;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Opens the logs that {@link Containers} keeps: what the registry asks of the packages below. */
interface Logging {
    /**
     * Opens a container's log, and repairs what a process that was killed has left half done.
     *
     * @param container whose log it is
     * @param sources those that it is to be read from, for what was in flight
     * @throws IllegalArgumentException if the id cannot be a folder's name
     * @throws IOException if it cannot be opened
     */
    Log open(ContainerDescription container, List<Source> sources) throws IOException;

    /** An open log. */
    interface Log extends Closeable {
        /**
         * Reads a source into the log until its end, and leaves it open.
         *
         * @throws java.io.InterruptedIOException if the thread is interrupted; nothing is lost then: what is not in the
         *     log is in the source
         * @throws IOException if the source cannot be read
         */
        void read(Source source) throws IOException;

        /** {@return the bytes that were taken from its sources since it was opened} */
        long bytes();

        /** {@return the entries that could not be kept since it was opened} */
        long droppedEntries();

        /** {@return the bytes of these} */
        long droppedBytes();
    }
}
