// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.docker;

import dev.sluice.Listener;
import dev.sluice.cli.ExitCode;
import dev.sluice.cli.Interruption;
import dev.sluice.cli.Report;
import dev.sluice.cli.address.SocketPlace;
import dev.sluice.cli.address.UnixPlace;
import dev.sluice.containers.daemon.Daemon;
import dev.sluice.containers.daemon.DaemonSettings;
import dev.sluice.containers.daemon.Metrics;
import dev.sluice.containers.docker.PluginServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;

/** Serves as a log driver until a signal, or until another process has taken over. */
final class DriverRun {
    /** Requests under way and what waits in the pipes take 7 s at most; the rest is for a disk that is slow. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final DriverSettings settings;
    private final PrintStream err;

    DriverRun(DriverSettings settings, PrintStream err) {
        this.settings = settings;
        this.err = err;
    }

    int run() {
        try (Interruption interruption = new Interruption(PATIENCE)) {
            int code = serve(interruption);
            if (interruption.came()) {
                // A daemon that ends when it is told to has not failed: the JVM would say 143 otherwise.
                Runtime.getRuntime().halt(code);
            }
            return code;
        }
    }

    private int serve(Interruption interruption) {
        try {
            Daemon daemon = new Daemon(new DaemonSettings(
                    settings.dir(), settings.control(), settings.takeOver(), System.getenv()));
            daemon.serve("docker", this::listen, new PluginServer(daemon.containers()));
            SocketPlace metrics = settings.metrics();
            if (metrics != null) {
                daemon.serve("metrics", () -> metrics.listener().open(), Metrics.server(daemon));
            }
            Daemon.End end = daemon.run(() -> Report.line(err, greeting(daemon)));
            if (end == Daemon.End.HANDED_OVER) {
                Report.line(err, "another process has taken over");
            }
            return ExitCode.OK;
        } catch (IOException | RuntimeException failed) {
            if (interruption.came() && failed instanceof IOException) {
                return ExitCode.OK; // the signal came before all was set up
            }
            Report.failure(err, failed, settings.verbose());
            return ExitCode.FAILED;
        }
    }

    private String greeting(Daemon daemon) {
        return (daemon.hasTakenOver() ? "has taken over, and serves" : "serving") + " Docker's log driver "
                + settings.socket().getFileName().toString().replaceFirst("\\.sock$", "") + " at "
                + settings.socket() + ", logs in " + settings.dir();
    }

    /** dockerd makes the folder only when it looks for a plugin for the first time. */
    private Listener listen() throws IOException {
        Path socket = settings.socket();
        Path folder = socket.getParent();
        if (folder != null) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        }
        return new UnixPlace("unix:" + socket, socket, OWNER_ALONE).listener().open();
    }
}
