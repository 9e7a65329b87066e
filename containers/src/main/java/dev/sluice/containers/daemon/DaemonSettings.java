// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import java.nio.file.Path;
import java.util.Map;

/**
 * How a {@link Daemon} is to run.
 *
 * @param folder the log folder
 * @param control where its control socket is to be: see {@link ControlSocket}
 * @param takeOver whether to take over from a daemon that listens there, if one does
 * @param environment that of the process: NOTIFY_SOCKET counts
 */
public record DaemonSettings(Path folder, Path control, boolean takeOver, Map<String, String> environment) {
    /** Keeps a copy of the environment. */
    public DaemonSettings {
        environment = Map.copyOf(environment);
    }
}
