// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import dev.sluice.Listener;
import dev.sluice.containers.daemon.Daemon;
import dev.sluice.containers.daemon.DaemonSettings;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/** A log driver as a process of its own. It says when it serves. */
final class TestDriver {
    private TestDriver() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Daemon daemon = new Daemon(
                new DaemonSettings(folder.resolve("logs"), folder.resolve("control"), false, Map.of()));
        daemon.serve(
                "docker",
                () -> Listener.open(UnixDomainSocketAddress.of(args[1])),
                new PluginServer(daemon.containers()));
        Daemon.End end = daemon.run(() -> System.out.println("ready"));
        System.out.println(end);
    }
}
