// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.io.IOException;
import java.util.List;

/**
 * What {@link Connection#receive} has received.
 *
 * @param bytes how many are in the buffer now: at least one, unless it had no room; or -1 at the end
 * @param descriptors those that came with the bytes, in the order in which they were sent; to be closed by the caller
 * @param descriptorsLost whether some that came are closed already and not in the list: there were more than were to be
 *     taken, or this process has as many open as it may have (RLIMIT_NOFILE)
 */
public record Received(int bytes, List<Descriptor> descriptors, boolean descriptorsLost) implements AutoCloseable {
    /** Keeps a copy of the list. */
    public Received {
        descriptors = List.copyOf(descriptors);
    }

    /**
     * Closes all the descriptors, those that are closed already excepted, each as {@link Descriptor#close} does.
     *
     * @throws IOException what the first failure was, with the others suppressed; all are closed nonetheless
     */
    @Override
    public void close() throws IOException {
        closeAll(descriptors);
    }

    static void closeAll(Iterable<? extends Descriptor> descriptors) throws IOException {
        IOException first = null;
        for (Descriptor descriptor : descriptors) {
            try {
                descriptor.close();
            } catch (IOException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
