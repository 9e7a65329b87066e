// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Closes what was forgotten, and says so. It knows the open descriptor only, so that the {@link Descriptor} can be
 * found to be garbage.
 */
record ForgottenDescriptor(OpenDescriptor open) implements Runnable {
    @Override
    public void run() {
        if (!open.isClosed()) {
            System.Logger logger = System.getLogger(Descriptor.class.getName());
            logger.log(Level.WARNING, "{0} was never closed: closing it now", open.name());
            try {
                open.close();
            } catch (IOException failure) {
                logger.log(Level.WARNING, "closing what was forgotten", failure);
            }
        }
    }
}
