// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.daemon;

import dev.sluice.Listener;
import dev.sluice.containers.docker.PluginServer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A daemon as a process of its own: {@code FOLDER CONTROL [--take-over] [--fake] [--docker=SOCKET]}. */
final class TestDaemon {
    private static final String DOCKER = "--docker=";

    private TestDaemon() {}

    public static void main(String... args) throws Exception {
        List<String> options = Arrays.asList(args).subList(2, args.length);
        Path folder = Path.of(args[0]);
        DaemonSettings settings =
                new DaemonSettings(folder, Path.of(args[1]), options.contains("--take-over"), System.getenv());
        Daemon daemon = options.contains("--fake") ? new Daemon(settings, FakeLogs::new) : new Daemon(settings);
        options.stream().filter(each -> each.startsWith(DOCKER)).forEach(each -> {
            UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(each.substring(DOCKER.length()));
            daemon.serve("docker", () -> Listener.open(socket), new PluginServer(daemon.containers()));
        });
        Thread main = Thread.currentThread();
        Thread hook = new Thread(() -> {
            main.interrupt();
            try {
                main.join();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            Runtime.getRuntime().halt(0);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            IO.println(daemon.run(() -> IO.println("ready")));
        } catch (IOException failure) {
            IO.println(failure);
            Runtime.getRuntime().halt(1);
        }
    }
}
