// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.io.IOException;
import java.nio.channels.Channel;

/** Closes several channels: one that cannot be closed keeps none of the others open. */
public final class Closing {
    private Closing() {}

    /**
     * Closes them all.
     *
     * @param channels those that are closed already excepted
     * @throws IOException what the first failure was, with the others suppressed; all are closed nonetheless
     */
    public static void all(Iterable<? extends Channel> channels) throws IOException {
        IOException first = null;
        for (Channel channel : channels) {
            try {
                channel.close();
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
