// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

import dev.sluice.containers.daemon.LoneContainer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Keeps the JVM from ending at a SIGTERM before the log has. A shutdown hook runs beside all other threads, and the JVM
 * waits for it.
 */
final class Drain implements AutoCloseable {
    /** A little more than containerd waits from SIGTERM to SIGKILL: so containerd is the one that decides. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final Logger LOG = System.getLogger(Drain.class.getName());

    private final Thread hook;

    private Drain(Thread hook) {
        this.hook = hook;
    }

    /** From now on the JVM waits for the end of a container's log. */
    static Drain add(LoneContainer container) {
        Thread hook = new Thread(() -> drain(container), "sluice-drain");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Drain(hook);
    }

    private static void drain(LoneContainer container) {
        try {
            if (!container.awaitEnd(LONGEST)) {
                container.close();
            }
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "not logged to its end", failure);
        }
    }

    /** It waits no more. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs already, and finds that all is closed.
        }
    }
}
