// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.docker;

import dev.sluice.cli.UsageException;
import dev.sluice.cli.address.NearestPlace;
import dev.sluice.cli.address.SocketPlace;
import dev.sluice.cli.address.TcpPlace;
import dev.sluice.cli.address.UnixPlace;
import dev.sluice.containers.daemon.ControlSocket;
import dev.sluice.containers.log.LogFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the log driver is to run.
 *
 * @param socket where dockerd finds it
 * @param dir the log folder
 * @param control the control socket
 * @param metrics where metrics are served; null for nowhere
 * @param takeOver whether to take over from another process
 * @param verbose whether the stack trace of a failure is shown
 */
record DriverSettings(
        Path socket, Path dir, Path control, @Nullable SocketPlace metrics, boolean takeOver, boolean verbose) {
    static final Path SOCKET = Path.of("/run/docker/plugins/sluice.sock");
    static final Path DIR = LogFolder.DEFAULT;
    static final Path CONTROL = ControlSocket.DEFAULT;

    /**
     * Reads {@code tcp:[HOST:]PORT} or {@code unix:PATH}, where to listen.
     *
     * @throws UsageException if it is neither
     */
    static SocketPlace listening(String text) {
        String rest = SocketPlace.rest(text);
        return switch (SocketPlace.scheme(text)) {
            case "tcp" -> TcpPlace.listening(text, rest);
            case "unix" -> UnixPlace.listening(text, rest);
            default ->
                throw new UsageException(
                        NearestPlace.complaint(text, "tcp:[HOST:]PORT nor unix:PATH, where to listen", true));
        };
    }
}
